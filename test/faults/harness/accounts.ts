import { ACCOUNT_STEP } from '../../../simulator/life/personas';
import { connectPersona } from '../../support/vendor-connection';
import type { FaultWorld } from './fault-world';
import { inParallel } from './waiting';

/** A user of the server, signed in as one account of the simulated vendor. */
export interface Member {
  account: number;
  userId: string;
  connectionId: string;
}

/** The `copy`th account of a persona. */
export const accountOf = (persona: number, copy: number): number => persona + ACCOUNT_STEP * copy;

/** By real sign-ins: authorize, consent, callback. */
export async function connectAccounts(world: FaultWorld, accounts: number[], atOnce = 6): Promise<Member[]> {
  return inParallel(accounts, atOnce, async (account) => {
    const userId = await connectPersona(world, account);
    const [{ id }] = await world.sql<{ id: string }>(`SELECT id FROM connection WHERE user_id = $1`, [
      userId,
    ]);
    return { account, userId, connectionId: id };
  });
}
