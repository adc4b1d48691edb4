import { Transform } from 'class-transformer';

const BOOLEANS: Record<string, boolean> = {
  true: true,
  '1': true,
  on: true,
  yes: true,
  false: false,
  '0': false,
  off: false,
  no: false,
};

/** The words for true and false in settings and in queries alike; any other is left for `@IsBoolean()` to refuse. */
export const ToBoolean = () =>
  Transform(({ value }: { value: unknown }) => BOOLEANS[String(value).toLowerCase()] ?? value);
