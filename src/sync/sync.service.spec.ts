import { NotFoundException, NotImplementedException } from '@nestjs/common';
import { answerOf, dataOf } from '../../test/support/day-provider';
import { SyncWorld, type Key } from '../../test/support/sync-world';
import { SyncService } from './sync.service';

describe('a sync that a person asks for', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    world = await SyncWorld.start({ SYNC_INTERVAL: '1h', BACKFILL_DAYS: '3' });
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    jest.restoreAllMocks();
    await world.reset();
    key = await world.connect();
  });

  const start = (query = {}) => world.get(SyncService).start(key.userId, 'scripted', query);

  it('waits for a worker, who reads the last 30 days', async () => {
    await world.runDue();
    world.clock.advance(1);
    const answer = await start();
    expect(answer).toEqual({
      success: true,
      async: true,
      task_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      run_id: expect.stringMatching(/^pull_[0-9a-f]{16}$/),
      message: expect.stringMatching(
        /^Sync task queued for scripted\. Follow its run: GET .*\/sync\/runs\/pull_/,
      ),
    });
    expect(await world.connection(key)).toMatchObject({ priority: 0, wake_at: world.clock.now() });
    await world.runDue();
    const [, run] = await world.runs(key);
    expect(run).toMatchObject({ run_id: answer.run_id, status: 'success', items_processed: 31 });
    // The tomorrow of the backfill is not asked for again.
    expect(run.details).toMatchObject({ daysUnchanged: 4, daysStored: 27 });
    const events = await world.sql(`SELECT stage FROM sync_event WHERE run_id = $1 ORDER BY id`, [
      answer.run_id,
    ]);
    expect(events.map(({ stage }) => stage).slice(0, 3)).toEqual(['queued', 'started', 'saving']);
  });

  it('does not take the place of the first backfill', async () => {
    await start({ summary_start_time: '2026-03-10' });
    await world.runDue();
    expect((await world.days(key)).map(({ date }) => date)).toEqual([
      '2026-03-11',
      '2026-03-10',
      '2026-03-09',
      '2026-03-08',
      '2026-03-07',
    ]);
  });

  it('is answered with the run in progress, however often it is asked for', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => start()));
    expect(new Set(answers.map(({ run_id }) => run_id)).size).toBe(1);
    await world.runDue();
    const pulls = (await world.runs(key)).filter(({ source }) => source === 'pull');
    expect(pulls).toMatchObject([{ run_id: answers[0].run_id, status: 'success' }]);
  });

  it('joins a run that is under way: days not yet read are read in it, the others are not read twice', async () => {
    await world.runDue();
    world.clock.advance(3_600);
    let joined: string | undefined;
    world.provider.forget();
    world.provider.says(async (date) => {
      if (date === '2026-03-09' && joined === undefined) {
        joined = (await start({ summary_start_time: '2026-03-01' })).run_id;
      }
      return answerOf(date, dataOf(date));
    });
    await world.runDue();
    const runs = await world.runs(key);
    expect(runs).toHaveLength(2);
    expect(runs[1]).toMatchObject({ run_id: joined, status: 'success' });
    const counts = Map.groupBy(world.provider.asked, (date) => date);
    expect(counts.has('2026-03-01')).toBe(true);
    expect([...counts.values()].every(({ length }) => length === 1)).toBe(true);
  });

  it('opens a parked day again, with all its tries', async () => {
    await world.runDue();
    await world.sql(`UPDATE sync_day SET status = 'parked', attempts = 5 WHERE date = '2026-03-08'`);
    await start();
    expect(await world.day(key, '2026-03-08')).toMatchObject({
      attempts: 0,
      next_attempt_at: world.clock.now(),
    });
  });

  it('does not ask earlier than a rate limit allows', async () => {
    await world.runDue();
    const later = new Date(world.clock.now().getTime() + 77_000);
    await world.sql(
      `UPDATE sync_day SET next_attempt_at = $1, error_code = 'rate_limited' WHERE date = '2026-03-08'`,
      [later],
    );
    await start();
    expect(await world.connection(key)).toMatchObject({ wake_at: later });
    expect(
      (await world.days(key)).every(
        ({ next_attempt_at }) => next_attempt_at === null || next_attempt_at >= later,
      ),
    ).toBe(true);
  });

  it('can be waited for', async () => {
    await world.runDue();
    world.provider.says((date) => answerOf(date, date === '2026-03-09' ? '<html>' : dataOf(date)));
    const waiting = start({ async: false, summary_start_time: '2026-03-05' });
    while ((await world.runDue()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await waiting).toMatchObject({
      success: true,
      async: false,
      run_id: expect.stringMatching(/^pull_/),
      details: {
        data_247: {
          sleep_sessions_synced: 0,
          activity_samples: 6,
          recovery_days_synced: 2,
          failed_days: 1,
          errors: ['2026-03-09: payload_invalid'],
        },
      },
    });
  });

  it('needs an active connection and a provider that can', async () => {
    await expect(start({ data_type: 'workouts' })).rejects.toThrow(NotImplementedException);
    await expect(start({ data_type: 'workouts' })).rejects.toThrow(
      "Provider 'scripted' does not support workouts",
    );
    await world.sql(`UPDATE connection SET status = 'expired'`);
    await expect(start()).rejects.toThrow(NotFoundException);
    expect(await world.runs(key)).toEqual([]);
  });

  // Last, because it is for good.
  it('gives up waiting when the server stops', async () => {
    const waiting = start({ async: false });
    await new Promise((resolve) => setTimeout(resolve, 30));
    world.get(SyncService).beforeApplicationShutdown();
    expect(await waiting).toMatchObject({
      success: true,
      async: true,
      message: expect.stringMatching(/in progress/),
    });
  }, 5_000);
});
