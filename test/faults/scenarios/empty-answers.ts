import type { Fault } from '../../../simulator/faults/fault';
import { addDays } from '../../../simulator/life/local-day';
import { accountOf, connectAccounts, type Member } from '../harness/accounts';
import { check, describeVerdict, isClean } from '../harness/checker';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { changesBetween, healthRows } from '../harness/health-state';
import { FIRST_DATE, PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Scenario } from '../harness/scenario';

const ANSWERS = 1_000;
/** Far more than it takes: 31 days of two users a turn. */
const MOST_TURNS = 200;

type Spoilt = Pick<Fault, 'mode' | 'status' | 'shape'> | { body: string };

/** What a vendor may say instead of a day's data. */
const NOTHINGS: readonly Spoilt[] = [
  { mode: 'status', status: 404 },
  { mode: 'empty' },
  { mode: 'html' },
  { mode: 'truncated' },
  { mode: 'other_day' },
  { mode: 'shape', shape: 'data_list' },
  { mode: 'shape', shape: 'day_removed' },
  { mode: 'shape', shape: 'error_in_200' },
  { mode: 'shape', shape: 'other_date_key' },
  { body: '{}' },
  { body: 'null' },
  { body: '{"data":null,"error":null,"status":200}' },
  { body: '{"data":{},"error":null,"status":200}' },
  { body: '"try again later"' },
];

export const emptyAnswers: Scenario = {
  name: 'empty-answers',
  summary: 'empty and garbage answers about days with data, and about days never read',
  run: ({ cluster, say }) =>
    inWorld(cluster, { name: 'empty-answers', now: PINNED_NOW }, async (world) => {
      await world.startServers(2);
      const [full] = await connectAccounts(world, [accountOf(1001, 0)]);
      await runsEnded(world, [full]);
      const before = { rows: await healthRows(world, full.userId), days: await storedDays(world, full) };

      spoil(world, NOTHINGS[0]);
      const [fresh] = await connectAccounts(world, [accountOf(1001, 1)]);
      let answers = 0;
      for (let turn = 0; answers < ANSWERS && turn < MOST_TURNS; turn++) {
        spoil(world, NOTHINGS[turn % NOTHINGS.length]);
        await Promise.all([full, fresh].map((member) => syncOnce(world, member)));
        answers = spoiltAnswers(world, [full, fresh]);
        if (turn % 7 === 0) say(`${answers} of ${ANSWERS} answers`);
      }
      const after = { rows: await healthRows(world, full.userId), days: await storedDays(world, full) };
      const touched = changesBetween(before.rows, after.rows);
      const wronglyStored = (await storedDays(world, fresh)).size;
      const forgotten = changesBetween(before.days, after.days);

      world.simulator.control.clearFaults();
      world.simulator.control.replay({});
      await Promise.all([full, fresh].map((member) => syncOnce(world, member)));
      await runsEnded(world, [full, fresh]);
      const verdicts = [];
      for (const member of [full, fresh])
        verdicts.push(await check(world, member, { from: FIRST_DATE, connectedAt: PINNED_NOW }));
      return [
        {
          text: `${answers} empty or garbage answers of ${NOTHINGS.length} kinds after data: ${before.rows.size} rows, deleted or changed ${touched}; days wrongly marked stored ${wronglyStored}, stored days that lost their mark ${forgotten}; after the next good answers: ${verdicts.map(describeVerdict).join(' and ')}`,
          reached: answers >= ANSWERS && touched + wronglyStored + forgotten === 0 && verdicts.every(isClean),
        },
      ];
    }),
};

function spoil({ simulator: { control } }: FaultWorld, how: Spoilt): void {
  control.clearFaults();
  control.replay({});
  if ('mode' in how) return control.addFault({ route: 'metrics', ...how });
  const dates = Array.from({ length: 40 }, (_, ago) => addDays('2026-03-27', -ago));
  control.replay({ answers: Object.fromEntries(dates.map((date) => [date, how.body])) });
}

/** All the dates of the backfill, as a person would ask for them. */
async function syncOnce(world: FaultWorld, { userId }: Member): Promise<void> {
  const path = `/api/v1/providers/ultrahuman/users/${userId}/sync?async=false&summary_start_time=${FIRST_DATE}`;
  const { status, body } = await world.request('POST', path);
  if (status >= 300) throw new Error(`the sync was refused: ${status} ${JSON.stringify(body)}`);
}

/** Answers about days of these members since the spoiling began; of the full one the first read of each day was good. */
function spoiltAnswers({ simulator: { control } }: FaultWorld, [full, fresh]: Member[]): number {
  const count = ({ account }: Member) =>
    control.ledger(account).answers.filter(({ route }) => route === 'metrics').length;
  const goodOnes = control
    .ledger(full.account)
    .answers.filter(
      ({ route, fault, bytes }) => route === 'metrics' && fault === null && bytes > 1_000,
    ).length;
  return count(full) + count(fresh) - goodOnes;
}

async function storedDays(world: FaultWorld, { userId }: Member): Promise<Set<string>> {
  const days = await world.sql<{ day: string }>(
    `SELECT concat_ws(' ', date, encode(answer_sha256, 'hex'), starts_at, time_zone) AS day
       FROM sync_day WHERE user_id = $1 AND status = 'stored'`,
    [userId],
  );
  return new Set(days.map(({ day }) => day));
}
