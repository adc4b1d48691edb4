import { DataSource } from 'typeorm';
import { Connection } from '../src/connections/connection.entity';
import { ConnectionReplay } from '../src/sync/connection-replay';
import type { ReplayRange } from '../src/sync/replay-span';
import { VirtualWorld } from './support/differential/virtual-world';

const HOUR = 3_600_000;
const PERSONAS = [1003, 1004, 1006, 1013];
const CONNECTED = Date.parse('2026-03-02T21:10:00Z');
const DAYS = 5;

/** A real normalizer, and an answer that is worded anew every time: a ring beside a glucose sensor, journeys, naps … */
describe('a replay of what was synced for a while', () => {
  let world: VirtualWorld;
  beforeAll(async () => {
    world = await VirtualWorld.start(new Date(CONNECTED), { uiNoise: true });
    for (const persona of PERSONAS) await world.connect(persona);
    for (let hours = 6; hours <= DAYS * 24; hours += 6)
      await world.moveTo(new Date(CONNECTED + hours * HOUR));
  }, 300_000);
  afterAll(() => world?.close());

  async function replayAll(range: ReplayRange) {
    const { app } = world.server;
    const connections = await app.get(DataSource).manager.find(Connection);
    const replayed = [];
    for (const connection of connections) {
      replayed.push(await app.get(ConnectionReplay).run(connection, range, { dryRun: false }));
    }
    return replayed;
  }

  const rows = () =>
    world.server.sql(
      `SELECT xmin::text, md5(t::text) FROM series_day t UNION ALL SELECT xmin::text, md5(t::text) FROM series_local_day t
       UNION ALL SELECT xmin::text, md5(t::text) FROM daily_value t
       UNION ALL SELECT xmin::text, md5(t::text) FROM sleep_session t UNION ALL SELECT xmin::text, md5(t::text) FROM score t`,
    );

  it.each<ReplayRange>([
    { from: '2026-03-03', to: '2026-03-06' },
    { from: null, to: null },
  ])('changes nothing: %j', async (range) => {
    const before = await rows();
    const replayed = await replayAll(range);
    expect(replayed.map(({ diff }) => diff)).toEqual(PERSONAS.map(() => ({})));
    for (const { dates } of replayed) expect(dates).toBeGreaterThanOrEqual(4);
    expect(await rows()).toEqual(before);
  });

  it('needs fewer answers than came: no two were alike, but many are contained in a later one', async () => {
    const [{ kept, came }] = await world.server.sql<{ kept: number; came: number }>(
      `SELECT (SELECT count(*)::int FROM raw_answer) AS kept, (SELECT sum(items_processed)::int FROM sync_run) AS came`,
    );
    console.log(`${kept} answers are kept of ${came}`);
    expect(kept / came).toBeLessThan(0.6);
  });
});
