import { Transform } from 'class-transformer';

/** For a query parameter that may be repeated: one key arrives as a string, several as an array. */
export const ToList = () =>
  Transform(({ value }: { value: unknown }) => (value === undefined ? undefined : [value].flat()));
