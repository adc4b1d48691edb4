import { answerOf, dataOf } from '../../test/support/day-provider';
import { SyncWorld, type Key } from '../../test/support/sync-world';
import { ConnectionsService } from '../connections/connections.service';
import { InternalScoreRenewal } from '../health-data/internal-score.renewal';
import { ConnectionReplay } from '../sync/connection-replay';
import { SyncService } from '../sync/sync.service';
import { ArchivalSettings } from './archival-settings.service';
import { Archival } from './archival.work';

type Payload = Parameters<typeof dataOf>[1];

/** It is 10 March 2026. A night holds samples of two dates and of two UTC days. */
describe('the averages of a night whose samples go', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    world = await SyncWorld.start({ SYNC_INTERVAL: '1h', BACKFILL_DAYS: '30' });
  });
  afterAll(() => world?.close());
  beforeEach(begin);

  async function begin(): Promise<void> {
    await world.reset();
    // What it knows of the test before.
    await world.get(ArchivalSettings).get();
    key = await world.connect();
  }

  const keep = (archiveAfterDays: number | null, deleteAfterDays: number | null) =>
    world.get(ArchivalSettings).set({ archiveAfterDays, deleteAfterDays });

  async function archive(): Promise<void> {
    await world.get(Archival).ask();
    await world.runTasks();
  }

  /** From an hour before midnight on, with a pulse that no other date has, before and after midnight and in the UTC morning. */
  const night = (date: string, more: Payload = {}) => {
    const pulse = 40 + ((Date.parse(date) / 86_400_000) % 30);
    const hr = { 100: pulse, 400: pulse + 7, 1_400: pulse + 31 };
    return answerOf(date, dataOf(date, { hr, sleeps: [{ from: -60, to: 500, efficiency: 90 }], ...more }));
  };
  const inUtc = (date: string): Payload => ({ zone: 'UTC', startsAt: Date.parse(date) });

  async function fetchAll(told: (date: string) => ReturnType<typeof night>): Promise<void> {
    world.provider.says(told);
    await world.runDue();
  }

  async function readAgain(date: string, told: ReturnType<typeof night>): Promise<void> {
    world.provider.says(() => told);
    world.clock.advance(3_600);
    const range = { summary_start_time: date, summary_end_time: date, async: true };
    await world.get(SyncService).start(key.userId, 'scripted', range);
    await world.runDue();
  }

  const averages = () =>
    world.sql<{ date: string; pulse: number | null }>(
      `SELECT date::text, sampled_heart_rate AS pulse FROM sleep_session WHERE deleted_at IS NULL ORDER BY date`,
    );
  const averageOf = async (date: string) => (await averages()).find((it) => it.date === date)?.pulse;

  it('are of the whole night where the rest of it comes later, even if samples are kept for a day only', async () => {
    await keep(1, null);
    await fetchAll((date) => night(date, { hr: { 100: 50, 1_400: 70 } }));
    await archive();
    await readAgain('2026-03-09', night('2026-03-09', { hr: { 100: 50, 400: 66, 1_400: 70 } }));
    expect(await averageOf('2026-03-09')).toBe((70 + 50 + 66) / 3);
  });

  it('are of the whole night where a backfill brings it when its samples are too old already', async () => {
    await fetchAll(night);
    const whole = await averages();
    await begin();
    await keep(10, null);
    await fetchAll(night);
    await archive();
    expect(await averages()).toEqual(whole);
    const [{ days }] = await world.sql(
      `SELECT count(*)::int AS days FROM series_day WHERE day < '2026-02-28'`,
    );
    expect(days).toBe(0);
  });

  it('are not taken from a part where the night is told only when its evening is gone', async () => {
    const told = (date: string) => night(date, date === '2026-02-20' ? { sleeps: [] } : {});
    await fetchAll(told);
    await keep(10, null);
    await archive();
    await readAgain('2026-02-20', night('2026-02-20'));
    expect(await averageOf('2026-02-20')).toBeNull();
  });

  it('stay after the whole day before is gone', async () => {
    await fetchAll((date) => night(date, inUtc(date)));
    const before = await averageOf('2026-02-18');
    await keep(null, 20);
    await archive();
    await world.sql(`UPDATE data_source SET formula_version = 0`);
    await world.get(InternalScoreRenewal).renewAll();
    expect(await averageOf('2026-02-18')).toBe(before);
    expect(before).toEqual(expect.any(Number));
  });

  it('stay in a replay that has the answers about its morning only', async () => {
    await fetchAll((date) => night(date, inUtc(date)));
    const before = await averageOf('2026-02-28');
    await keep(10, null);
    await archive();
    world.provider.mistaken = true;
    const connection = await world.get(ConnectionsService).getActive(key.userId, 'scripted');
    await world.get(ConnectionReplay).run(connection, { from: null, to: null }, { dryRun: false });
    expect(await averageOf('2026-02-28')).toBe(before);
    const [{ end }] = await world.sql(`SELECT end_at AS end FROM sleep_session WHERE date = '2026-02-28'`);
    expect(end).toEqual(new Date('2026-02-28T09:20:00Z'));
  });
});
