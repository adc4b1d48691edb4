import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { SeriesCode } from './canonical';
import { replaceInChunk } from './chunk-replacement';
import type { Change, Replacement } from './replacement';
import { chunkBytes, readDoubles, readIntegers, type Chunk } from './series-chunk';
import { SeriesStore } from './series-store';

/** Pairs of chunks held in memory at once. */
const BATCH = 100;

interface ChunkKey {
  code: SeriesCode;
  day: string;
}

interface ChunkRow extends ChunkKey {
  source_id: string;
  /** `array_send` in base64 */
  offsets: string;
  values: string;
}

/** Replaces samples of one source by those of another. */
@Injectable()
export class ReplacedSeries {
  constructor(private readonly series: SeriesStore) {}

  async replace(manager: EntityManager, replacement: Replacement): Promise<Change[]> {
    const differing = await this.differing(manager, replacement);
    const changes: Change[] = [];
    for (let from = 0; from < differing.length; from += BATCH) {
      changes.push(...(await this.replaceChunks(manager, replacement, differing.slice(from, from + BATCH))));
    }
    return changes;
  }

  private differing(manager: EntityManager, replacement: Replacement): Promise<ChunkKey[]> {
    const { userId, from: fresh, to: target } = replacement;
    return prepared<ChunkKey>(
      manager,
      `SELECT code, day::text
         FROM (SELECT code, day, hash FROM series_day WHERE user_id = $1 AND source_id = $2) AS target
         FULL JOIN (SELECT code, day, hash FROM series_day WHERE user_id = $1 AND source_id = $3) AS fresh
              USING (code, day)
        WHERE target.hash IS DISTINCT FROM fresh.hash
        ORDER BY code, day`,
      [userId, target, fresh],
    );
  }

  private async replaceChunks(
    manager: EntityManager,
    replacement: Replacement,
    keys: ChunkKey[],
  ): Promise<Change[]> {
    const { userId, from, to, dateOf, isReplaced } = replacement;
    const chunks = await this.read(manager, replacement, keys);
    const replaced = keys
      .map(({ code, day }) => {
        const pair = {
          before: chunks.get(`${to} ${code} ${day}`),
          after: chunks.get(`${from} ${code} ${day}`),
        };
        return { code, chunk: replaceInChunk(Date.parse(day), pair, isReplaced) };
      })
      .filter(({ chunk }) => chunk.changes.length > 0);
    const [kept, emptied] = [
      replaced.filter(({ chunk }) => chunk.offsets.length > 0),
      replaced.filter(({ chunk }) => chunk.offsets.length === 0),
    ];
    const written = kept.map(({ code, chunk }) => ({ code, chunk, bytes: chunkBytes(chunk) }));
    await this.series.write(manager, { userId, sourceId: to }, written);
    await this.remove(manager, replacement, emptied);
    return replaced.flatMap(({ code, chunk }) => {
      const byDate = Map.groupBy(chunk.changes, ({ at, kind }) => `${kind} ${dateOf(at)}`);
      return [...byDate.values()].map((changes) => {
        const [{ at, kind }] = changes;
        return { name: code, date: dateOf(at), kind, count: changes.length };
      });
    });
  }

  private async read(
    manager: EntityManager,
    { userId, from, to }: Replacement,
    keys: ChunkKey[],
  ): Promise<Map<string, Chunk>> {
    const rows = await prepared<ChunkRow>(
      manager,
      `SELECT source_id, code, day::text, encode(array_send(offset_ms), 'base64') AS offsets,
              encode(array_send("values"), 'base64') AS "values"
         FROM series_day
        WHERE user_id = $1 AND source_id = ANY ($2) AND (code, day) IN (SELECT * FROM unnest($3::text[], $4::date[]))`,
      [userId, [from, to], keys.map(({ code }) => code), keys.map(({ day }) => day)],
    );
    return new Map(
      rows.map((row) => [
        `${row.source_id} ${row.code} ${row.day}`,
        { day: Date.parse(row.day), offsets: readIntegers(row.offsets), values: readDoubles(row.values) },
      ]),
    );
  }

  private async remove(
    manager: EntityManager,
    { userId, to }: Replacement,
    emptied: { code: SeriesCode; chunk: Chunk }[],
  ): Promise<void> {
    if (emptied.length === 0) return;
    await prepared(
      manager,
      `DELETE FROM series_day
        WHERE user_id = $1 AND source_id = $2 AND (code, day) IN (SELECT * FROM unnest($3::text[], $4::date[]))`,
      [
        userId,
        to,
        emptied.map(({ code }) => code),
        emptied.map(({ chunk }) => new Date(chunk.day).toISOString().slice(0, 10)),
      ],
    );
  }
}
