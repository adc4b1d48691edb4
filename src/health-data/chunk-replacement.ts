import type { Chunk } from './series-chunk';

/** What a replacement does to one instant's sample, or to one record. */
export type ChangeKind = 'inserted' | 'updated' | 'deleted';

export interface ReplacedChunk extends Chunk {
  changes: { at: number; kind: ChangeKind }[];
}

/** The old samples where nothing is replaced, the new ones elsewhere. @param isReplaced of an instant */
export function replaceInChunk(
  day: number,
  { before, after }: { before?: Chunk; after?: Chunk },
  isReplaced: (instant: number) => boolean,
): ReplacedChunk {
  const chunk: ReplacedChunk = { day, offsets: [], values: [], changes: [] };
  const [old, fresh] = [samplesOf(before), samplesOf(after)];
  const offsets = [...new Set([...old.keys(), ...fresh.keys()])].toSorted((a, b) => a - b);
  for (const offset of offsets) {
    const [was, is] = [old.get(offset), fresh.get(offset)];
    const value = isReplaced(day + offset) ? is : was;
    const kind = changeOf(was, value);
    if (kind !== null) chunk.changes.push({ at: day + offset, kind });
    if (value === undefined) continue;
    chunk.offsets.push(offset);
    chunk.values.push(value);
  }
  return chunk;
}

const samplesOf = (chunk?: Chunk): Map<number, number> =>
  new Map(chunk?.offsets.map((offset, index) => [offset, chunk.values[index]]));

function changeOf(was: number | undefined, is: number | undefined): ChangeKind | null {
  if (was === is) return null;
  if (was === undefined) return 'inserted';
  return is === undefined ? 'deleted' : 'updated';
}
