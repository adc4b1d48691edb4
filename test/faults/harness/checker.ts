import { addDays } from '../../../simulator/life/local-day';
import { compareWithTruth } from '../../support/differential/comparison';
import type { Member } from './accounts';
import type { FaultWorld } from './fault-world';
import { samplesOf } from './health-state';

/** What a run leaves behind, held against what the vendor knows. */
export interface Verdict {
  /** How much was compared. */
  values: number;
  mistakes: Mistakes;
}

export interface Mistakes {
  /** Of what the API says and what was lived: missing, too much, other values. */
  differences: number;
  doubledSamples: number;
  /** Days that are neither stored, empty, nor parked with a reason. */
  openDays: number;
  /** Token requests that came while another one of the same account was under way. */
  overlappingTokenRequests: number;
  /** Refresh tokens that were sent again although the answer to their first use had arrived. */
  reusedTokens: number;
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
    ...checkTokens(world, account),
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

/**
 * By the vendor's ledger. A reuse counts unless it is a retry of an exchange whose answer never left, or was the same
 * pair again by the vendor's grace: nobody can know then whether the first one took effect.
 */
export function checkTokens(
  world: FaultWorld,
  account: number,
): Pick<Mistakes, 'overlappingTokenRequests' | 'reusedTokens'> {
  const { tokens, answers } = world.simulator.control.ledger(account);
  const exchanges = answers.filter(({ route }) => route === 'token');
  const overlapping = exchanges.filter(({ asked_at }, index) => {
    const before = exchanges[index - 1];
    return before !== undefined && before.sent_at !== null && before.sent_at > asked_at;
  });
  const reused = tokens.filter(({ refresh, reuses }) => {
    const first = exchanges.find(({ token, status }) => token === refresh && status === 200);
    return reuses.some(({ answer }) => answer === 'refused') && (first?.sent_at ?? null) !== null;
  });
  return { overlappingTokenRequests: overlapping.length, reusedTokens: reused.length };
}

export const isClean = ({ mistakes }: Verdict): boolean =>
  Object.values(mistakes).every((count) => count === 0);

export const describeVerdict = ({ mistakes }: Verdict): string =>
  Object.entries(mistakes)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || 'clean';
