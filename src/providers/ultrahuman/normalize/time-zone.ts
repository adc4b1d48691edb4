import { IANAZone } from 'luxon';

/** A zone's name (luxon keeps what it has created, but checks anew each time); offsets such as `+05:30`, which some runtimes take for one, say nothing about other dates. */
export const isTimeZone = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z]/.test(value) && IANAZone.create(value).isValid;
