const NUMERIC = /^\s*[+-]?\d+(\.\d+)?(e[+-]?\d{1,3})?\s*$/i;
const MILLISECONDS_FROM = 100_000_000_000;
/** The last instant that a Date can hold, of which a day's window may still be taken. */
const LAST_INSTANT = 8.64e15;

/** @returns null for nothing, NaN for what is no finite number; numbers in quotes count */
export function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN;
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'string' && NUMERIC.test(value) ? toNumber(Number(value)) : Number.NaN;
}

/** Stamps are Unix seconds; milliseconds were seen once. @returns epoch ms, null for nothing, NaN for no instant */
export function toInstant(value: unknown): number | null {
  const stamp = toNumber(value);
  if (stamp === null || Number.isNaN(stamp)) return stamp;
  const instant = Math.round(stamp >= MILLISECONDS_FROM ? stamp : stamp * 1_000);
  return instant > 0 && instant <= LAST_INSTANT ? instant : Number.NaN;
}
