import type { Comparison } from './comparison';
import type { Difference } from './difference';
import { LivedDays, type Lifetime } from './lived-days';

const [SENSOR_WEARER, TRAVELLER] = [1003, 1004];

/** The days of 25 hours: 25 October in Europe, 1 November in America. The traveller goes from London to New York and back. */
const AUTUMN: Lifetime = {
  personas: [SENSOR_WEARER, TRAVELLER],
  from: '2026-10-15',
  to: '2026-11-15',
  connectedAt: new Date('2026-11-14T15:20:00Z'),
  until: new Date('2026-11-15T15:20:00Z'),
  envelope: () => 'e1',
};

export interface LivedAutumn {
  comparisons: Comparison[];
  /** What the comparison finds where stored rows were altered on purpose, by what was altered. */
  altered: { sample: Difference[]; date: Difference[]; offsetAndStage: Difference[] };
}

export async function livedAutumn(): Promise<LivedAutumn> {
  const lived = await LivedDays.live(AUTUMN);
  try {
    const comparisons: Comparison[] = [];
    for (const persona of AUTUMN.personas) comparisons.push(await lived.compare(persona));
    const altered = {
      sample: await differencesAfter(
        lived,
        `UPDATE series_day SET values[7] = values[7] + 1 ${ONE_CHUNK}`,
        `UPDATE series_day SET values[7] = values[7] - 1 ${ONE_CHUNK}`,
      ),
      date: await differencesAfter(
        lived,
        moveFitness('2026-10-20', '2026-09-20'),
        moveFitness('2026-09-20', '2026-10-20'),
      ),
      offsetAndStage: await differencesAfter(lived, WRONG_OFFSET_AND_LOST_STAGE, `SELECT $1::uuid`),
    };
    return { comparisons, altered };
  } finally {
    await lived.world.close();
  }
}

const ONE_CHUNK = `WHERE user_id = $1 AND code = 'heart_rate' AND day = '2026-10-25'`;

const moveFitness = (from: string, to: string) =>
  `UPDATE daily_value SET date = '${to}', at = at + ('${to}'::date - '${from}'::date) * interval '1 day'
    WHERE user_id = $1 AND code = 'vo2_max' AND date = '${from}'`;

const WRONG_OFFSET_AND_LOST_STAGE = `
  WITH wrong_score AS (
    UPDATE score SET zone_offset = '+01:00' WHERE user_id = $1 AND category = 'recovery' AND date = '2026-10-24')
  UPDATE sleep_session SET stages = stages - -1 WHERE user_id = $1 AND date = '2026-10-20'`;

async function differencesAfter(lived: LivedDays, alter: string, restore: string): Promise<Difference[]> {
  const user = lived.users.get(SENSOR_WEARER)!;
  await lived.world.server.sql(alter, [user]);
  const { differences } = await lived.compare(SENSOR_WEARER);
  await lived.world.server.sql(restore, [user]);
  return differences;
}
