import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DRIFT_KINDS, MAX_NAMES, OTHER, safeSample, type DriftTally } from './drift-tally';

/** SQL on `drift_sighting`. */

const logger = new Logger('Drift');
const NAMES_IN_A_LINE = 50;

/**
 * Adds what a run has seen. Called in the transaction that ends the run and takes the tally out of it: so everything
 * is counted once, whoever ends the run.
 * @returns the names that were never seen before, each with its kind
 */
export async function countDrift(
  manager: EntityManager,
  provider: string,
  tally: DriftTally,
  now: Date,
): Promise<string[]> {
  const sightings = DRIFT_KINDS.flatMap((kind) =>
    Object.entries(tally[kind] ?? {}).map(([name, { count, sample }]) => ({
      kind,
      name,
      count,
      sample: safeSample(sample),
    })),
  );
  if (sightings.length === 0) return [];
  // One at a time for a provider: the limit holds, and no two runs lock the same names in another order.
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('drift ' || $1, 0))`, [provider]);
  const counted: { kind: string; name: string; isNew: boolean }[] = await manager.query(COUNT, [
    provider,
    JSON.stringify(sightings),
    now,
    MAX_NAMES,
    OTHER,
  ]);
  return counted.filter(({ isNew }) => isNew).map(({ kind, name }) => `${kind} ${name}`);
}

/** Of the names that are new, as many keep theirs as there is room for. `xmax` is 0 in a row just inserted. */
const COUNT = `
  WITH seen AS (
    SELECT s.*, EXISTS (SELECT 1 FROM drift_sighting d
                         WHERE d.provider = $1 AND d.kind = s.kind AND d.name = s.name) AS known
      FROM jsonb_to_recordset($2::jsonb) AS s(kind text, name text, count bigint, sample jsonb)),
  named AS (
    SELECT kind, count, sample,
           CASE WHEN known OR row_number() OVER (PARTITION BY kind, known ORDER BY name) + (
                       SELECT count(*) FROM drift_sighting d
                        WHERE d.provider = $1 AND d.kind = seen.kind AND d.name <> $5) <= $4
                THEN name ELSE $5 END AS name
      FROM seen)
  INSERT INTO drift_sighting AS d (provider, kind, name, count, first_seen_at, last_seen_at, sample)
  SELECT $1, kind, name, sum(count), $3, $3, (array_agg(sample))[1] FROM named GROUP BY kind, name
  ON CONFLICT (provider, kind, name)
  DO UPDATE SET count = d.count + EXCLUDED.count, last_seen_at = greatest(d.last_seen_at, EXCLUDED.last_seen_at)
  RETURNING kind, name, xmax = 0 AS "isNew"`;

export interface NewDrift {
  run: { provider: string; runId: string };
  /** What the vendor sent for the first time ever. */
  names: string[];
}

/** Once a run, after its end is committed. */
export function warnOfNewDrift({ run, names }: NewDrift): void {
  if (names.length === 0) return;
  logger.warn({
    msg: 'the provider sends what this server has not seen before',
    provider: run.provider,
    run: run.runId,
    count: names.length,
    names: names.toSorted().slice(0, NAMES_IN_A_LINE),
  });
}
