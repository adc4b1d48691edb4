import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { readReplayArguments } from '../scripts/replay/arguments';
import { SyncWorld, type Key } from './support/sync-world';
import { healthContent, tell } from './support/told-answers';

const DATES = ['2026-03-01', '2026-03-02'];

/** As the vendor sends a day: a resting pulse behind a sleep-free night, and a few samples. */
const answer = (date: string, pulse: number) => {
  const start = Date.parse(`${date}T00:00:00+05:30`) / 1_000;
  const values = [
    [317, pulse],
    [731, pulse + 11],
    [1_439, pulse + 23],
  ].map(([minute, value]) => ({
    timestamp: start + minute * 60,
    value,
  }));
  return {
    data: {
      metric_data: [{ type: 'hr', object: { day_start_timestamp: start, unit: 'BPM', values } }],
      latest_time_zone: 'Asia/Kolkata',
    },
    error: null,
    status: 200,
  };
};

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** The command as `npm run replay` starts it, from its sources. */
const run = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const root = join(__dirname, '..');
    const program = [
      '--require',
      join(__dirname, 'support', 'run-typescript.cjs'),
      'scripts/replay.ts',
      ...args,
    ];
    execFile(process.execPath, program, { cwd: root, env: process.env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

describe('npm run replay', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    world = await SyncWorld.start({ BACKFILL_DAYS: '2' });
    key = await world.connect();
    await world.sql(`UPDATE connection SET provider = 'ultrahuman'`);
    const told = DATES.map((date, index) => ({
      date,
      at: `2026-03-0${index + 5}T07:11:00Z`,
      payload: answer(date, 51 + 4 * index),
    }));
    await tell(world, key, told);
    // What a mistaken normalizer would have done.
    await world.sql(`UPDATE series_day SET code = 'skin_temperature' WHERE day = '2026-03-02'`);
  });
  afterAll(() => world?.close());

  it('says how it is used, and what is wrong with an argument', async () => {
    expect(await run('--help')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Usage: npm run replay/),
      stderr: '',
    });
    expect(await run('--provider', 'nobody')).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Unknown provider: nobody\. Known providers: .*ultrahuman/),
    });
  }, 60_000);

  it.each([
    [[], '--provider is missing: say whose answers to read again. --help tells more.'],
    [['--provider', 'acme', '--fast'], "Unknown option '--fast'"],
    [['--provider', 'acme', '--user', 'me'], '--user must be the id of a user, such as'],
    [['acme'], "Unexpected argument 'acme'"],
  ])('refuses %j', (args, message) => {
    expect(() => readReplayArguments(args)).toThrow(message);
  });

  it('takes a user and a range', () => {
    const user = '7C1F2A94-5D3E-4B86-9A07-3E1D5C8B2F60';
    expect(readReplayArguments(['--provider', 'acme', '--user', user, '--to', '2026-03-01'])).toEqual({
      provider: 'acme',
      userId: user.toLowerCase(),
      from: null,
      to: '2026-03-01',
      dryRun: false,
    });
  });

  it('prints what it would change, by name and local day, and writes nothing', async () => {
    const before = await world.healthRows(key);
    const { code, stdout, stderr } = await run('--provider', 'ultrahuman', '--dry-run');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: [
        'heart_rate · 2026-03-02 · +2 ~0 −0',
        'skin_temperature · 2026-03-02 · +0 ~0 −2',
        'heart_rate · all days · +2 ~0 −0',
        'skin_temperature · all days · +0 ~0 −2',
        'Connections: 1. Answers: 2. Days made anew: 2.',
        'Dry run: nothing was written.',
        '',
      ].join('\n'),
    });
    expect(stderr).toBe(`1 of 1: user ${key.userId}: 2 answers, 2 days\n`);
    expect(await world.healthRows(key)).toEqual(before);
  }, 60_000);

  it('makes the data anew, once', async () => {
    const args = [
      '--provider',
      'ultrahuman',
      '--user',
      key.userId,
      '--from',
      '2026-03-02',
      '--to',
      '2026-03-02',
    ];
    expect(await run(...args)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('heart_rate · all days · +2 ~0 −0'),
    });
    const { series_day: chunks } = await healthContent(world, key);
    expect(chunks).toHaveLength(3);
    expect(await world.sql('SELECT DISTINCT code FROM series_day')).toEqual([{ code: 'heart_rate' }]);
    expect(await run(...args)).toMatchObject({
      code: 0,
      stdout: 'Nothing changes.\nConnections: 1. Answers: 2. Days made anew: 1.\n',
    });
  }, 60_000);

  it('fails when a connection could not be replayed', async () => {
    await world.sql(`UPDATE raw_answer SET body = 'broken'`);
    expect(await run('--provider', 'ultrahuman')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('Connections that could not be replayed and are as they were: 1.'),
      stderr: expect.stringContaining(': failed\n'),
    });
  }, 60_000);
});
