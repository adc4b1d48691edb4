import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { openDatabase } from '../../test/support/open-database';
import { scriptedDefinition } from '../../test/support/scripted-provider';
import { BUDGET_ENTITIES } from '../../test/support/vendor-http';
import { dataSourceOptions } from '../database/data-source-options';
import type { VendorCall } from './budget-rules';
import { ask, record } from './budget-statements';

const NOW = new Date('2026-03-07T10:00:00Z');

const callOf = (connectionId: string | null, requestsPerSecond: number): VendorCall => ({
  provider: {
    slug: 'scripted',
    limits: {
      ...scriptedDefinition('http://vendor.invalid').limits,
      requestsPerSecond,
      concurrentPerUser: 2,
    },
  },
  endpointClass: 'data',
  caller: { connectionId, urgency: 'live' },
  timeoutMs: 20_000,
});

describe('statements of many connections at once', () => {
  let pools: DataSource[];
  beforeAll(async () => {
    const first = await openDatabase(BUDGET_ENTITIES);
    const options = { ...dataSourceOptions(process.env.DATABASE_URL!), entities: BUDGET_ENTITIES };
    pools = [first, await new DataSource(options).initialize()];
  });
  afterAll(() => Promise.all(pools.map((pool) => pool.destroy())));
  beforeEach(() => pools[0].query('TRUNCATE vendor_budget'));

  const askAll = (call: VendorCall, count: number, now = NOW) =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const id = randomUUID();
        const { granted } = await ask(pools[index % 2].manager, call, id, now);
        return granted ? [id] : [];
      }),
    ).then((ids) => ids.flat());

  it('grant exactly what is in the bucket', async () => {
    expect(await askAll(callOf(null, 50), 300)).toHaveLength(50);
    expect(await askAll(callOf(null, 50), 300, new Date(NOW.getTime() + 500))).toHaveLength(25);
  });

  it('grant exactly the slots of a user', async () => {
    const call = callOf(randomUUID(), 10_000);
    expect(await askAll(call, 300)).toHaveLength(2);
  });

  it('lose no call that is over, and count each', async () => {
    const call = callOf(null, 10_000);
    const ids = await askAll(call, 200);
    await Promise.all(
      ids.map((id, index) => {
        const counted = {
          id,
          provider: 'scripted',
          endpointClass: 'data',
          connectionId: `user-${index % 9}`,
        };
        return record(pools[index % 2].manager, counted, index % 4 === 0 ? 'failed' : 'ok', NOW);
      }),
    );
    const [row] = await pools[0].query(
      'SELECT in_flight, recent_calls, failed_connections FROM vendor_budget',
    );
    expect(row.in_flight).toEqual({});
    expect(Object.values(row.recent_calls)).toEqual([[200, 50]]);
    expect(Object.keys(row.failed_connections)).toHaveLength(3);
  });

  it('count within the last minute only', async () => {
    for (let seconds = 0; seconds < 90; seconds += 10) {
      const now = new Date(NOW.getTime() + seconds * 1_000);
      const [id] = await askAll(callOf(null, 10_000), 1, now);
      await record(
        pools[0].manager,
        { id, provider: 'scripted', endpointClass: 'data', connectionId: 'one' },
        'ok',
        now,
      );
    }
    const [{ recent_calls: calls }] = await pools[0].query('SELECT recent_calls FROM vendor_budget');
    expect(Object.values(calls)).toEqual(Array(6).fill([1, 0]));
  });
});
