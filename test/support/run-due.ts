import type { DataSource } from 'typeorm';
import type { Clock } from '../../src/database/clock';
import { claimConnections } from '../../src/sync/claim';
import type { Runner } from '../../src/sync/runner';

const LEASE_MS = 60_000;
const AT_ONCE = 4;
const ENOUGH = 500;

/** Claims what is due and lets it run, what cannot wait first, until nothing is due any more. @returns how many connections */
export async function runDue(
  database: DataSource,
  runner: Runner,
  clock: Pick<Clock, 'now'>,
  shutdown = new AbortController().signal,
): Promise<number> {
  const connections = new Set<string>();
  for (let round = 0; round < ENOUGH; round++) {
    const claim = { now: clock.now(), leaseMs: LEASE_MS, limit: AT_ONCE };
    const live = await claimConnections(database.manager, { ...claim, work: 'live' });
    const history = await claimConnections(database.manager, { ...claim, work: 'history' });
    const leases = [...live, ...history];
    for (const { connectionId } of leases) connections.add(connectionId);
    if (leases.length === 0) return connections.size;
    await Promise.all(leases.map((lease) => runner.run(lease, shutdown)));
    if (shutdown.aborted) return connections.size;
  }
  throw new Error('there is always something due');
}
