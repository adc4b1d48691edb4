import { hash } from 'node:crypto';
import type { SeriesSamples } from './canonical';
import { DAY_MS } from './zone-offset';

/** The samples of one UTC day of one series. */
export interface Chunk {
  /** UTC midnight, epoch ms. */
  day: number;
  /** Milliseconds since `day`, ascending, no repeats. */
  offsets: number[];
  values: number[];
}

export interface MergedChunk extends Chunk {
  inserted: number;
  updated: number;
  unchanged: number;
}

export const utcDay = (instant: number) => Math.floor(instant / DAY_MS) * DAY_MS;

/** Cuts a series at the UTC midnights. */
export function cutByUtcDay({ instants, values }: Pick<SeriesSamples, 'instants' | 'values'>): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0; from < instants.length;) {
    const day = utcDay(instants[from]);
    let to = from + 1;
    while (to < instants.length && instants[to] < day + DAY_MS) to++;
    chunks.push({
      day,
      offsets: instants.slice(from, to).map((at) => at - day),
      values: values.slice(from, to),
    });
    from = to;
  }
  return chunks;
}

/** By instant: a newer value replaces an older one, nothing is left out. */
export function mergeChunk(stored: Chunk | undefined, { day, offsets, values }: Chunk): MergedChunk {
  if (stored === undefined)
    return { day, offsets, values, inserted: offsets.length, updated: 0, unchanged: 0 };
  const merged: MergedChunk = { day, offsets: [], values: [], inserted: 0, updated: 0, unchanged: 0 };
  let [old, fresh] = [0, 0];
  while (old < stored.offsets.length || fresh < offsets.length) {
    const oldAt = stored.offsets[old] ?? Infinity;
    const freshAt = offsets[fresh] ?? Infinity;
    merged.offsets.push(Math.min(oldAt, freshAt));
    merged.values.push(freshAt <= oldAt ? values[fresh] : stored.values[old]);
    if (freshAt < oldAt) merged.inserted++;
    else if (freshAt === oldAt && values[fresh] === stored.values[old]) merged.unchanged++;
    else if (freshAt === oldAt) merged.updated++;
    if (freshAt <= oldAt) fresh++;
    if (oldAt <= freshAt) old++;
  }
  return merged;
}

/** Samples of these chunks in `[from, to)`. */
export function countBetween(chunks: Chunk[], from: number, to: number): number {
  let count = 0;
  for (const { day, offsets } of chunks)
    for (const offset of offsets) if (day + offset >= from && day + offset < to) count++;
  return count;
}

/**
 * PostgreSQL's binary form of an array of one dimension (`array_send`, `array_recv`), all big-endian: dimensions, a flag
 * for nulls, the element's type, how many there are, the first index; then each element with its length before it.
 */
const HEADER_BYTES = 20;
const SIZE_AT = 12;
const INTEGER = { oid: 23, bytes: 4 };
const DOUBLE = { oid: 701, bytes: 8 };
const LENGTH_BYTES = 4;
/** Dates are days and times are microseconds since then. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const MINUS_INFINITY = -(2n ** 63n);

/** The elements of both arrays of a chunk, and a SHA-256 over them. */
export interface ChunkBytes {
  offsets: Buffer;
  values: Buffer;
  /** In hexadecimal. */
  hash: string;
}

export function chunkBytes({ offsets, values }: Chunk): ChunkBytes {
  const size = offsets.length * (LENGTH_BYTES + INTEGER.bytes);
  const bytes = Buffer.allocUnsafe(size + values.length * (LENGTH_BYTES + DOUBLE.bytes));
  let at = 0;
  for (const offset of offsets) at = bytes.writeInt32BE(offset, bytes.writeInt32BE(INTEGER.bytes, at));
  // Adding 0 makes of a negative zero, which equals it, the same bytes.
  for (const value of values) at = bytes.writeDoubleBE(value + 0, bytes.writeInt32BE(DOUBLE.bytes, at));
  return {
    offsets: bytes.subarray(0, size),
    values: bytes.subarray(size),
    hash: hash('sha256', bytes, 'hex'),
  };
}

/** One `integer[]` and one `double precision[]` with the samples of all these chunks, one after another. */
export function joinArrays(chunks: ChunkBytes[]): { offsets: Buffer; values: Buffer } {
  return {
    offsets: toArray(
      INTEGER,
      chunks.map(({ offsets }) => offsets),
    ),
    values: toArray(
      DOUBLE,
      chunks.map(({ values }) => values),
    ),
  };
}

function toArray({ oid, bytes }: typeof INTEGER, parts: Buffer[]): Buffer {
  const elements = Buffer.concat(parts);
  const header = Buffer.alloc(HEADER_BYTES);
  [1, 0, oid, elements.length / (LENGTH_BYTES + bytes), 1].forEach((field, i) =>
    header.writeInt32BE(field, 4 * i),
  );
  return Buffer.concat([header, elements]);
}

/** An `integer[]` of one dimension as `array_send` writes it, in base64. */
export function readIntegers(array: string): number[] {
  const { view, numbers } = openArray(array);
  for (let index = 0; index < numbers.length; index++)
    numbers[index] = view.getInt32(HEADER_BYTES + LENGTH_BYTES + index * (LENGTH_BYTES + INTEGER.bytes));
  return numbers;
}

/** A `double precision[]` of one dimension as `array_send` writes it, in base64. */
export function readDoubles(array: string): number[] {
  const { view, numbers } = openArray(array);
  for (let index = 0; index < numbers.length; index++)
    numbers[index] = view.getFloat64(HEADER_BYTES + LENGTH_BYTES + index * (LENGTH_BYTES + DOUBLE.bytes));
  return numbers;
}

/** A `date[]` of one dimension as `array_send` writes it, in base64, as UTC midnights. */
export function readDates(array: string): number[] {
  return readIntegers(array).map((days) => POSTGRES_EPOCH_MS + days * DAY_MS);
}

/** A `timestamptz[]` of one dimension as `array_send` writes it, in base64; null for `-infinity`. */
export function readInstants(array: string): (number | null)[] {
  const { view, numbers } = openArray(array);
  const instants: (number | null)[] = numbers;
  for (let index = 0; index < instants.length; index++) {
    const microseconds = view.getBigInt64(
      HEADER_BYTES + LENGTH_BYTES + index * (LENGTH_BYTES + DOUBLE.bytes),
    );
    instants[index] =
      microseconds === MINUS_INFINITY ? null : POSTGRES_EPOCH_MS + Number(microseconds) / 1_000;
  }
  return instants;
}

function openArray(array: string) {
  const { buffer, byteOffset, byteLength } = Buffer.from(array, 'base64');
  const view = new DataView(buffer, byteOffset, byteLength);
  return { view, numbers: new Array<number>(view.getInt32(SIZE_AT)) };
}

export function sumMinMax(values: number[]): { sum: number; min: number; max: number } {
  let [sum, min, max] = [0, Infinity, -Infinity];
  for (const value of values) {
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { sum, min, max };
}
