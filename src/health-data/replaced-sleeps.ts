import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { LocalDate } from './canonical';
import type { Change, Replacement } from './replacement';
import { identifySleeps, type KnownSleep } from './sleep-identity';

interface SleepRow extends KnownSleep {
  date: LocalDate;
  hash: string;
}

/** Replaces sleeps of one source by those of another; one that stays or changes keeps its id. */
export async function replaceSleeps(manager: EntityManager, replacement: Replacement): Promise<Change[]> {
  const { from, to } = replacement;
  const dates = new Set(replacement.dates);
  const [fresh, target] = [
    await readSleeps(manager, replacement, from),
    await readSleeps(manager, replacement, to),
  ];
  const { known } = identifySleeps(fresh, target);
  const updated = known.flatMap(({ sleep, stored }) =>
    stored !== null && sleep.hash !== stored.hash && (dates.has(sleep.date) || dates.has(stored.date))
      ? [{ sleep, stored }]
      : [],
  );
  const inserted = known.flatMap(({ sleep, stored }) =>
    stored === null && dates.has(sleep.date) ? [sleep] : [],
  );
  const found = new Set(known.map(({ stored }) => stored));
  const deleted = target.filter((sleep) => dates.has(sleep.date) && !found.has(sleep));
  const taken = [
    ...updated.map(({ sleep, stored }) => ({ sleep, id: stored.id })),
    ...inserted.map((sleep) => ({ sleep, id: sleep.id })),
  ];
  await keepAverages(manager, replacement, taken);
  await removeSleeps(manager, replacement, [...deleted, ...updated.map(({ stored }) => stored)]);
  await takeSleeps(manager, replacement, taken);
  const changes = { deleted, updated: updated.map(({ sleep }) => sleep), inserted };
  return (['inserted', 'updated', 'deleted'] as const).flatMap((kind) =>
    changes[kind].map(({ date }) => ({ name: 'sleep', date, kind, count: 1 })),
  );
}

/** What users have deleted, for a source that sleeps are about to be folded into: there they stay deleted too. */
export async function copyDeletedSleeps(
  manager: EntityManager,
  { userId, from, to }: Pick<Replacement, 'userId' | 'from' | 'to'>,
): Promise<void> {
  await prepared(
    manager,
    `INSERT INTO sleep_session
     SELECT (jsonb_populate_record(sleep, jsonb_build_object('source_id', $3::text))).*
       FROM sleep_session sleep WHERE user_id = $1 AND source_id = $2 AND deleted_at IS NOT NULL`,
    [userId, from, to],
  );
}

const readSleeps = (manager: EntityManager, { userId }: Replacement, sourceId: string): Promise<SleepRow[]> =>
  prepared<SleepRow>(
    manager,
    `SELECT id, date::text AS date, (extract(epoch FROM start_at) * 1000)::double precision AS start,
            (extract(epoch FROM end_at) * 1000)::double precision AS "end", encode(hash, 'hex') AS hash, false AS deleted
       FROM sleep_session WHERE user_id = $1 AND source_id = $2 AND deleted_at IS NULL
      ORDER BY start_at, id`,
    [userId, sourceId],
  );

async function removeSleeps(
  manager: EntityManager,
  { userId, to }: Replacement,
  sleeps: SleepRow[],
): Promise<void> {
  if (sleeps.length === 0) return;
  await prepared(
    manager,
    `DELETE FROM sleep_session WHERE user_id = $1 AND source_id = $2 AND id = ANY ($3)`,
    [userId, to, sleeps.map(({ id }) => id)],
  );
}

interface TakenSleep {
  sleep: SleepRow;
  /** Under which it is known from now on. */
  id: string;
}

/** The draft has averaged the samples of its answers, which need not be all of the night: that is done anew afterwards. */
async function keepAverages(
  manager: EntityManager,
  { userId, from, to }: Replacement,
  taken: TakenSleep[],
): Promise<void> {
  if (taken.length === 0) return;
  await prepared(
    manager,
    `UPDATE sleep_session s
        SET sampled_heart_rate = was.sampled_heart_rate, sampled_hrv_rmssd = was.sampled_hrv_rmssd,
            sampled_spo2 = was.sampled_spo2, archived = coalesce(was.archived, false)
       FROM unnest($4::uuid[], $5::uuid[]) AS taken (id, new_id)
       LEFT JOIN sleep_session was ON was.user_id = $1 AND was.source_id = $3 AND was.id = taken.new_id
      WHERE s.user_id = $1 AND s.source_id = $2 AND s.id = taken.id`,
    [userId, from, to, taken.map(({ sleep }) => sleep.id), taken.map(({ id }) => id)],
  );
}

async function takeSleeps(
  manager: EntityManager,
  { userId, from, to }: Replacement,
  taken: TakenSleep[],
): Promise<void> {
  if (taken.length === 0) return;
  await prepared(
    manager,
    `UPDATE sleep_session s SET source_id = $3, id = taken.new_id
       FROM unnest($4::uuid[], $5::uuid[]) AS taken (id, new_id)
      WHERE s.user_id = $1 AND s.source_id = $2 AND s.id = taken.id`,
    [userId, from, to, taken.map(({ sleep }) => sleep.id), taken.map(({ id }) => id)],
  );
}
