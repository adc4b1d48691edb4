import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { DataKind, LocalDate, SeriesCode, SeriesSamples } from './canonical';
import {
  chunkBytes,
  countBetween,
  cutByUtcDay,
  joinArrays,
  mergeChunk,
  readDoubles,
  readIntegers,
  sumMinMax,
  utcDay,
  type Chunk,
  type ChunkBytes,
} from './series-chunk';
import type { RecordCounts, WriteCounts, WriteTarget } from './write';
import { DAY_MS } from './zone-offset';

/** `[from, to)`, epoch ms. */
export interface Span {
  from: number;
  to: number;
}

/** A chunk as it lies in the table. */
export interface StoredChunk extends Chunk {
  sourceId: string;
  code: SeriesCode;
}

interface ChunkRow {
  code: SeriesCode;
  day: string;
  /** `array_send` in base64 */
  offsets: string;
  values: string;
}

/** Some series of a user in a span. */
export interface SeriesRange extends Span {
  userId: string;
  /** Null: all of the user's. */
  sourceIds: string[] | null;
  codes: string[];
}

/** The sources `s` of a `SeriesRange` whose first two values are the statement's first two parameters. */
export const SOURCES_OF_RANGE =
  '(SELECT id, connection_id FROM data_source WHERE user_id = $1 AND ($2::uuid[] IS NULL OR id = ANY ($2))) AS s';

/** What to read of `series_day`, in the direction of travel. */
export interface SeriesWalk extends SeriesRange {
  backwards: boolean;
  /** How many items are still wanted. */
  wanted: number;
  /** Samples within this many ms become one item; 1 for raw samples. */
  itemMs: number;
  /** Of each series no more than so many days in one step. */
  days: number;
  /** Whether to count the samples of the whole span, too. */
  isCounted: boolean;
}

/** One step of a walk. */
export interface SeriesStep {
  /** Ascending by day. */
  chunks: StoredChunk[];
  /** Whether there may be chunks beyond. */
  more: boolean;
  /** Samples on all the UTC days that the span touches; 0 if they are not counted. */
  total: number;
}

interface WalkedRow extends ChunkRow {
  source_id: string;
  more: boolean;
  total: string;
}

/** Samples on the UTC days of a span, out of the index alone. */
const SAMPLES_ON_ITS_DAYS = `(
  SELECT coalesce(sum(d.count), 0)
    FROM ${SOURCES_OF_RANGE}, unnest($3::text[]) AS c (code),
         LATERAL (SELECT sum(count) AS count FROM series_day
                   WHERE user_id = $1 AND source_id = s.id AND code = c.code AND day BETWEEN $4 AND $5) AS d)`;

/** Of a row `s`. */
const CHUNK_ARRAYS = `encode(array_send(s.offset_ms), 'base64') AS offsets, encode(array_send(s."values"), 'base64') AS "values"`;

/**
 * All SQL on `series_day`: the one class to replace should the samples ever be kept in another form. Arrays travel in
 * PostgreSQL's binary form, which both sides make and read faster than text, all the more where values have many
 * digits; on the way back in base64, as `pg` takes every field of a result for UTF-8.
 */
@Injectable()
export class SeriesStore {
  /**
   * The stored chunks that an answer may change or that lie in the same days: one read, however many series. Among them
   * are those of which samples have no local day yet, as this answer may be the one that tells when it begins.
   * @param span what the answered day may span
   */
  async stored(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    series: SeriesSamples[],
    span: Span,
  ): Promise<StoredSeries> {
    const ofDay = utcDaysOf(span);
    const wanted = series
      .filter(({ instants }) => instants.length > 0)
      .map((samples) => ({ code: samples.code, days: utcDaysOf(spanToRead(samples, span)) }));
    const rows = await prepared<ChunkRow & { hash: string }>(
      manager,
      `WITH wanted AS (
         SELECT * FROM unnest($3::text[], $4::date[]) AS w (code, day)
          UNION
         SELECT u.code, d.day FROM series_local_day u, unnest($5::date[]) AS d (day)
          WHERE u.user_id = $1 AND u.source_id = $2 AND NOT u.is_local AND u.date = ANY ($5))
       SELECT code, day::text, ${CHUNK_ARRAYS}, encode(hash, 'hex') AS hash
         FROM wanted JOIN series_day s USING (code, day) WHERE s.user_id = $1 AND s.source_id = $2`,
      [
        userId,
        sourceId,
        wanted.flatMap(({ code, days }) => days.map(() => code)),
        wanted.flatMap(({ days }) => days.map(dateText)),
        ofDay.map(dateText),
      ],
    );
    const byCode: StoredSeries['byCode'] = new Map(
      wanted.map(({ code, days }) => [code, { chunks: new Map(), read: new Set(days) }]),
    );
    for (const row of rows) {
      const stored = byCode.get(row.code) ?? { chunks: new Map(), read: new Set(ofDay) };
      const chunk = { ...toChunk(row), hash: row.hash };
      stored.chunks.set(chunk.day, chunk);
      byCode.set(row.code, stored);
    }
    return { byCode, ofDay: new Set(ofDay) };
  }

  /** Chunks of whole UTC days, both included, ascending. @param codes null: all */
  async chunksBetween(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    codes: string[] | null,
    { from, to }: { from: LocalDate; to: LocalDate },
  ): Promise<(Chunk & { code: SeriesCode })[]> {
    const rows = await prepared<ChunkRow>(
      manager,
      `SELECT code, day::text, ${CHUNK_ARRAYS} FROM series_day s
        WHERE user_id = $1 AND source_id = $2 AND ($3::text[] IS NULL OR code = ANY ($3)) AND day BETWEEN $4 AND $5
        ORDER BY s.day`,
      [userId, sourceId, codes, from, to],
    );
    return rows.map((row) => ({ code: row.code, ...toChunk(row) }));
  }

  /**
   * Merges the series of one answer with the stored ones, and writes nothing yet.
   * Nothing else may write this source meanwhile: the caller's transaction holds the lock of its connection.
   * @param protectedSpan a settled day: a series is taken only if it has at least as many samples there as are stored
   */
  merge(
    series: SeriesSamples[],
    stored: StoredSeries,
    protectedSpan: ((samples: SeriesSamples) => Span) | null,
  ): MergedSeries {
    const kinds = new Map<DataKind, RecordCounts>();
    const merge: MergedSeries = { kinds, rolledBack: [], changed: [] };
    for (const samples of series) {
      if (samples.instants.length === 0) continue;
      const chunks = cutByUtcDay(samples);
      const before = stored.byCode.get(samples.code)!.chunks;
      if (protectedSpan !== null && isSmaller(chunks, before, protectedSpan(samples))) {
        merge.rolledBack.push(samples.code);
        continue;
      }
      const counts = { inserted: 0, updated: 0, unchanged: 0 };
      kinds.set(samples.code, counts);
      for (const chunk of chunks) {
        const old = before.get(chunk.day);
        const merged = mergeChunk(old, chunk);
        const bytes = chunkBytes(merged);
        counts.inserted += merged.inserted;
        counts.updated += merged.updated;
        counts.unchanged += merged.unchanged;
        if (bytes.hash !== old?.hash) merge.changed.push({ code: samples.code, chunk: merged, bytes });
      }
    }
    return merge;
  }

  /**
   * Whole UTC days that hold the next `wanted` items of a walk, or some of them. What it costs depends on these alone:
   * the index tells how many samples a day has, and is read no further than `days` ahead.
   */
  async walk(manager: EntityManager, walk: SeriesWalk): Promise<SeriesStep> {
    const [direction, nearest, furthest] = walk.backwards ? ['DESC', 'max', 'min'] : ['ASC', 'min', 'max'];
    const rows = await prepared<WalkedRow>(
      manager,
      `WITH ahead AS (
         SELECT d.*, row_number() OVER (PARTITION BY d.source_id, d.code ORDER BY d.day ${direction}) = $8::int AS is_last
           FROM ${SOURCES_OF_RANGE}, unnest($3::text[]) AS c (code),
                LATERAL (SELECT source_id, code, day, count FROM series_day
                          WHERE user_id = $1 AND source_id = s.id AND code = c.code AND day BETWEEN $4 AND $5
                          ORDER BY day ${direction} LIMIT $8::int) AS d
       ), seen AS (
         SELECT ${nearest}(day) FILTER (WHERE is_last) AS whole_until, ${furthest}(day) AS furthest FROM ahead
       ), walked AS (
         SELECT a.day, sum(sum(least(a.count, $6::int)))
                         OVER (ORDER BY a.day ${direction} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS items_before
           FROM ahead a, seen WHERE whole_until IS NULL OR a.day ${walk.backwards ? '>=' : '<='} whole_until
          GROUP BY a.day)
       SELECT s.source_id, s.code, s.day::text, ${CHUNK_ARRAYS},
              whole_until IS NOT NULL OR furthest <> (SELECT ${furthest}(day) FROM walked WHERE coalesce(items_before, 0) < $7) AS more,
              ${walk.isCounted ? SAMPLES_ON_ITS_DAYS : 0} AS total
         FROM seen, walked w
         JOIN ahead a ON a.day = w.day
         JOIN series_day s ON s.user_id = $1 AND s.source_id = a.source_id AND s.code = a.code AND s.day = a.day
        WHERE coalesce(w.items_before, 0) < $7
        ORDER BY w.day`,
      [
        walk.userId,
        walk.sourceIds,
        walk.codes,
        dateText(walk.from),
        dateText(walk.to - 1),
        DAY_MS / walk.itemMs,
        walk.wanted,
        walk.days,
      ],
    );
    return {
      chunks: rows.map((row) => ({ sourceId: row.source_id, code: row.code, ...toChunk(row) })),
      more: rows.length > 0 && rows[0].more,
      total: rows.length > 0 ? Number(rows[0].total) : 0,
    };
  }

  /** On all the UTC days that a span touches. */
  async count(manager: EntityManager, { userId, sourceIds, codes, from, to }: SeriesRange): Promise<number> {
    const [{ count }] = await prepared<{ count: string }>(manager, `SELECT ${SAMPLES_ON_ITS_DAYS} AS count`, [
      userId,
      sourceIds,
      codes,
      dateText(from),
      dateText(to - 1),
    ]);
    return Number(count);
  }

  /** Samples that lie before or behind a span, on the UTC days that it begins and ends in. */
  async countBeside(
    manager: EntityManager,
    { userId, sourceIds, codes, from, to }: SeriesRange,
  ): Promise<number> {
    if (from % DAY_MS === 0 && to % DAY_MS === 0) return 0;
    const [{ count }] = await prepared<{ count: string }>(
      manager,
      `SELECT count(*)
         FROM ${SOURCES_OF_RANGE}, series_day, unnest(offset_ms) AS o (offset_ms),
              LATERAL (SELECT (day - date '1970-01-01') * ${DAY_MS}::bigint + o.offset_ms) AS i (at)
        WHERE user_id = $1 AND source_id = s.id AND code = ANY ($3) AND day = ANY ($4) AND (i.at < $5 OR i.at >= $6)`,
      [userId, sourceIds, codes, [dateText(from), dateText(to - 1)], from, to],
    );
    return Number(count);
  }

  /** At most one statement. @param chunks those that a merge has changed */
  async write(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    chunks: ChangedChunk[],
  ): Promise<void> {
    if (chunks.length === 0) return;
    const statistics = chunks.map(({ chunk }) => sumMinMax(chunk.values));
    const { offsets, values } = joinArrays(chunks.map(({ bytes }) => bytes));
    let until = 0;
    await prepared(
      manager,
      `INSERT INTO series_day
         (user_id, source_id, code, day, offset_ms, "values", count, min, max, sum, first_at, last_at, hash)
       SELECT $1, $2, c.code, c.day, ($5::int[])[c.until - c.count + 1:c.until],
              ($6::double precision[])[c.until - c.count + 1:c.until],
              c.count, c.min, c.max, c.sum, c.first_at, c.last_at, decode(c.hash, 'hex')
         FROM unnest($3::text[], $4::date[], $7::int[], $8::int[], $9::double precision[],
                     $10::double precision[], $11::double precision[], $12::timestamptz[], $13::timestamptz[], $14::text[])
              AS c (code, day, until, count, min, max, sum, first_at, last_at, hash)
       ON CONFLICT (user_id, source_id, code, day) DO UPDATE
         SET offset_ms = excluded.offset_ms, "values" = excluded."values", count = excluded.count, min = excluded.min,
             max = excluded.max, sum = excluded.sum, first_at = excluded.first_at, last_at = excluded.last_at,
             hash = excluded.hash`,
      [
        userId,
        sourceId,
        arrayLiteral(chunks.map(({ code }) => code)),
        arrayLiteral(chunks.map(({ chunk }) => dateText(chunk.day))),
        offsets,
        values,
        arrayLiteral(chunks.map(({ chunk }) => (until += chunk.offsets.length))),
        arrayLiteral(chunks.map(({ chunk }) => chunk.offsets.length)),
        arrayLiteral(statistics.map(({ min }) => min)),
        arrayLiteral(statistics.map(({ max }) => max)),
        arrayLiteral(statistics.map(({ sum }) => sum)),
        arrayLiteral(chunks.map(({ chunk }) => instantText(chunk.day + chunk.offsets[0]))),
        arrayLiteral(chunks.map(({ chunk }) => instantText(chunk.day + chunk.offsets.at(-1)!))),
        arrayLiteral(chunks.map(({ bytes }) => bytes.hash)),
      ],
    );
  }
}

export interface StoredSeries {
  byCode: Map<string, StoredCode>;
  /** The UTC days of which also series were looked for that the answer does not hold. */
  ofDay: ReadonlySet<number>;
}

export interface StoredCode {
  /** By UTC day. */
  chunks: Map<number, Chunk & { hash: string }>;
  /** The UTC days that were looked for. */
  read: ReadonlySet<number>;
}

/** What the samples of an answer come to. */
export interface MergedSeries extends Pick<WriteCounts, 'kinds' | 'rolledBack'> {
  changed: ChangedChunk[];
}

export interface ChangedChunk {
  code: string;
  chunk: Chunk;
  bytes: ChunkBytes;
}

const isSmaller = (chunks: Chunk[], stored: Map<number, Chunk>, { from, to }: Span) =>
  countBetween(chunks, from, to) < countBetween([...stored.values()], from, to);

/** The longest local day but for that of a traveller. */
const LONGEST_DAY_MS = 25 * 3_600_000;

/** The answered day, and if samples lie before or behind it, the day there too: it is summed up anew. */
const spanToRead = ({ instants }: SeriesSamples, { from, to }: Span): Span => ({
  from: instants[0] < from ? Math.min(instants[0], from - LONGEST_DAY_MS) : from,
  to: instants.at(-1)! >= to ? Math.max(instants.at(-1)! + 1, to + LONGEST_DAY_MS) : to,
});

const toChunk = ({ day, offsets, values }: ChunkRow): Chunk => ({
  day: Date.parse(day),
  offsets: readIntegers(offsets),
  values: readDoubles(values),
});

/** Codes, dates, numbers and hashes only: nothing in them needs an escape. */
const arrayLiteral = (elements: (string | number)[]) => `{"${elements.join('","')}"}`;

const instantText = (instant: number) => new Date(instant).toISOString();
const dateText = (instant: number) => instantText(instant).slice(0, 10);

function utcDaysOf({ from, to }: Span): number[] {
  const days = [];
  for (let day = utcDay(from); day < to; day += DAY_MS) days.push(day);
  return days;
}
