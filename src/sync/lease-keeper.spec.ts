import { setTimeout as sleep } from 'node:timers/promises';
import { SyncWorld } from '../../test/support/sync-world';
import { LeaseKeeper } from './lease-keeper';

describe('keeping a lease', () => {
  let world: SyncWorld;
  beforeAll(async () => {
    world = await SyncWorld.start({ SYNC_LEASE: '1s' });
  });
  afterAll(() => world?.close());

  it('ends after the renewal that is under way, of which there is one at a time', async () => {
    await world.connect();
    const [lease] = await world.claim();
    let renewals = 0;
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const begun = new Promise<void>((resolve) => {
      world.failpoints.at['lease.before-renew'] = () => (renewals++, resolve(), held);
    });
    let isOver = false;
    const keeping = world
      .get(LeaseKeeper)
      .during(lease, () => begun.then(() => sleep(500)))
      .finally(() => (isOver = true));
    await begun;
    await sleep(600);
    expect(isOver).toBe(false);
    letGo();
    await keeping;
    expect(renewals).toBe(1);
  });
});
