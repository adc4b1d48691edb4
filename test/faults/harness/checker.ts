import { addDays } from '../../../simulator/life/local-day';
import { compareWithTruth } from '../../support/differential/comparison';
import type { Member } from './accounts';
import type { FaultWorld } from './fault-world';
import { samplesOf } from './health-state';
import { tokenMistakes, type TokenMistakes } from './token-mistakes';

/** What a run leaves behind, held against what the vendor knows. */
export interface Verdict {
  /** How much was compared. */
  values: number;
  mistakes: Mistakes;
}

export interface Mistakes extends TokenMistakes {
  /** Of what the API says and what was lived: missing, too much, other values. */
  differences: number;
  doubledSamples: number;
  /** Days that are neither stored, empty, nor parked with a reason. */
  openDays: number;
}

interface Checked {
  /** First and last local date that are compared; without the latter, all that have begun. */
  from: string;
  to?: string;
  connectedAt: Date;
}

export async function check(
  world: FaultWorld,
  { account, userId }: Member,
  { from, to, connectedAt }: Checked,
): Promise<Verdict> {
  const nowSeconds = Date.parse(world.simulator.control.now()) / 1_000;
  const today = world.simulator.control.now().slice(0, 10);
  const truth = world.simulator.control
    .truth(account, from, to ?? addDays(today, 1))
    .filter(({ day_start }) => day_start <= nowSeconds);
  const compared = { persona: account, user: userId, truth, connectedAt };
  const { differences, values } = await compareWithTruth(world, compared);
  const { doubled } = await samplesOf(world, userId);
  const mistakes = {
    differences: differences.length,
    doubledSamples: doubled,
    openDays: await openDays(world, userId),
    ...tokenMistakes(world.simulator.control.ledger(account)),
  };
  return { values, mistakes };
}

export async function openDays(world: FaultWorld, userId: string): Promise<number> {
  const [{ count }] = await world.sql<{ count: string }>(
    `SELECT count(*) AS count FROM sync_day
      WHERE user_id = $1 AND status NOT IN ('stored', 'empty') AND NOT (status = 'parked' AND error_code IS NOT NULL)`,
    [userId],
  );
  return Number(count);
}

export const isClean = ({ mistakes }: Verdict): boolean =>
  Object.values(mistakes).every((count) => count === 0);

export const describeVerdict = ({ mistakes }: Verdict): string =>
  Object.entries(mistakes)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || 'clean';
