import type { Findings } from './findings';

const NUMERIC = /^\s*[+-]?\d+(\.\d+)?(e[+-]?\d{1,3})?\s*$/i;
const MILLISECONDS_FROM = 100_000_000_000;

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
  if (stamp <= 0) return Number.NaN;
  return Math.round(stamp >= MILLISECONDS_FROM ? stamp : stamp * 1_000);
}

/** A single value: null where there is none or where it cannot be true. */
export function toMeasured(
  value: unknown,
  [min, max]: readonly [number, number],
  path: string,
  findings: Findings,
): number | null {
  const number = toNumber(value);
  if (number === null) return null;
  if (number >= min && number <= max) return number;
  findings.reject(path, Number.isNaN(number) ? 'malformed' : 'out_of_range');
  return null;
}
