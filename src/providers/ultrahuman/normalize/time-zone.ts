import { IANAZone } from 'luxon';

/** A zone's name; offsets such as `+05:30`, which some runtimes take for one, say nothing about other dates. */
export const isTimeZone = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z]/.test(value) && IANAZone.isValidZone(value);
