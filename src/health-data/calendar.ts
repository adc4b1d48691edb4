import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import { SOURCE_COLUMNS, toSource, type SourceRead, type SourceRow } from './source.dto';
import { DAY_MS, offsetSegments, type KnownDay, type OffsetSegment } from './zone-offset';

/** A user's sources by id. */
export async function sourcesOf(manager: EntityManager, userId: string): Promise<Map<string, SourceRead>> {
  const rows = await prepared<SourceRow & { id: string }>(
    manager,
    `SELECT d.id, ${SOURCE_COLUMNS} FROM data_source d WHERE d.user_id = $1`,
    [userId],
  );
  return new Map(rows.map((row) => [row.id, toSource(row)]));
}

/** By source id the UTC offsets between two instants, as far as the local days are known to the source's connection. */
export async function offsetsOfSources(
  manager: EntityManager,
  { userId, sourceIds, from, to }: { userId: string; sourceIds: string[]; from: number; to: number },
): Promise<Map<string, OffsetSegment[]>> {
  // A local day may begin 14 hours before the UTC midnight of its date and, for a traveller, last two days.
  const rows = await prepared<DayRow>(
    manager,
    `SELECT d.id AS source_id, c.date::text, (extract(epoch FROM c.starts_at) * 1000)::double precision AS starts_at, c.time_zone
           FROM data_source d JOIN sync_day c ON c.user_id = d.user_id AND c.connection_id = d.connection_id
          WHERE d.user_id = $1 AND d.id = ANY ($2) AND c.starts_at IS NOT NULL AND c.date BETWEEN $3 AND $4
          ORDER BY c.date`,
    [userId, sourceIds, dateOf(from - 2 * DAY_MS), dateOf(to + DAY_MS)],
  );
  const days = Map.groupBy(rows, (row) => row.source_id);
  return new Map(
    [...days].map(([sourceId, known]) => [
      sourceId,
      offsetSegments(
        known.map(({ date, starts_at, time_zone }): KnownDay => ({
          date,
          startsAt: starts_at,
          timeZone: time_zone,
        })),
      ),
    ]),
  );
}

interface DayRow {
  source_id: string;
  date: string;
  starts_at: number;
  time_zone: string | null;
}

const dateOf = (instant: number) => new Date(instant).toISOString().slice(0, 10);
