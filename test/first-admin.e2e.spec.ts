import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { AccountSettings } from '../src/config/account-settings';
import { mistakesIn } from '../src/config/settings';
import { createDatabase } from './setup/database';
import { startApp, TEST_ENVIRONMENT, type TestApp } from './support/app';

const EMAIL = 'admin@example.com';
const PASSWORD = 'a password of the admin';
const ADMIN = { ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: PASSWORD };

const login = async (server: TestApp, username: string, password: string) =>
  (await server.request('POST', '/api/v1/auth/login', { key: null, body: { username, password } })).status;

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** `npm run developer`, from its sources. */
const runDeveloper = (databaseUrl: string, args: string[], input = ''): Promise<Ended> =>
  new Promise((resolve) => {
    const loader = join(__dirname, 'support', 'run-typescript.cjs');
    const child = execFile(
      process.execPath,
      ['--require', loader, 'scripts/developer.ts', ...args],
      {
        cwd: join(__dirname, '..'),
        env: { ...process.env, ...TEST_ENVIRONMENT, DATABASE_URL: databaseUrl },
      },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });

describe('the first admin', () => {
  let server: TestApp | undefined;
  afterEach(() => server?.close());

  const start = async (environment: Record<string, string>) => (server = await startApp(environment));

  it('may sign in to a new database, and is not made again', async () => {
    const app = await start(ADMIN);
    expect(await login(app, EMAIL, PASSWORD)).toBe(200);
    await app.close();
    const again = await start({
      DATABASE_URL: app.databaseUrl,
      ADMIN_EMAIL: 'second@example.com',
      ADMIN_PASSWORD: 'another password',
    });
    expect(await login(again, EMAIL, PASSWORD)).toBe(200);
    expect(await login(again, 'second@example.com', 'another password')).toBe(401);
  });

  it('is one, however many servers start at once', async () => {
    const app = await start({ ADMIN_EMAIL: '', ADMIN_PASSWORD: '' });
    const { DevelopersService } = await import('../src/access/developers/developers.service');
    const developers = app.app.get(DevelopersService);
    const firsts = ['a', 'b', 'c'].map((name) =>
      developers.createFirst({ email: `${name}@example.com`, password: PASSWORD }),
    );
    expect((await Promise.all(firsts)).filter(Boolean)).toHaveLength(1);
    expect(await developers.list()).toHaveLength(1);
  });

  it('is not made by a process that only works', async () => {
    const app = await start({ ...ADMIN, ROLE: 'worker' });
    expect(await app.sql('SELECT * FROM developer')).toEqual([]);
    process.env.ROLE = '';
  });

  describe('whose password everybody knows', () => {
    const told = (production: string) =>
      `The password of ${EMAIL} is one that everybody knows, and ${production}; set another one with: ` +
      `npm run developer -- --email ${EMAIL} --reset`;
    /** Afterwards the environment is that of the tests again. */
    const startIn = (environment: Record<string, string>) =>
      start(environment).finally(() =>
        Object.assign(process.env, { VITALBASE_ENV: 'test', NODE_ENV: 'test' }),
      );

    it.each([
      [{ VITALBASE_ENV: 'live' }, 'your-secure-password', 'VITALBASE_ENV is live'],
      [{ VITALBASE_ENV: 'live' }, EMAIL, 'VITALBASE_ENV is live'],
      [{ NODE_ENV: 'production' }, 'your-secure-password', 'NODE_ENV is production'],
    ])('keeps %j from starting: %s', async (production, password, because) => {
      const trial = await start({ ...ADMIN, ADMIN_PASSWORD: password });
      await trial.close();
      const later = startIn({ ...ADMIN, ...production, DATABASE_URL: trial.databaseUrl });
      await expect(later).rejects.toThrow(told(because));
    });

    it('keeps production from starting also when the settings do not name them any more', async () => {
      const trial = await start({ ...ADMIN, ADMIN_PASSWORD: EMAIL });
      await trial.close();
      const unnamed = { ADMIN_EMAIL: '', ADMIN_PASSWORD: '', DATABASE_URL: trial.databaseUrl };
      await expect(startIn({ ...unnamed, VITALBASE_ENV: 'live' })).rejects.toThrow(
        told('VITALBASE_ENV is live'),
      );
    });

    it('lets production start with a new one, which is set as the refusal says', async () => {
      const trial = await start({ ...ADMIN, ADMIN_PASSWORD: EMAIL });
      await trial.close();
      await runDeveloper(trial.databaseUrl, ['--email', EMAIL, '--reset']);
      const app = await startIn({ ...ADMIN, VITALBASE_ENV: 'live', DATABASE_URL: trial.databaseUrl });
      expect(await login(app, EMAIL, EMAIL)).toBe(401);
    });
  });
});

describe('the settings of the first admin', () => {
  const mistakes = (environment: Record<string, string>) => mistakesIn(AccountSettings, environment);

  it.each([
    [
      { ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: 'your-secure-password' },
      'ADMIN_PASSWORD is one that everybody knows',
    ],
    [
      { ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: ' Your-Secure-Password' },
      'ADMIN_PASSWORD is one that everybody knows',
    ],
    [
      { ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: EMAIL.toUpperCase() },
      'ADMIN_PASSWORD is one that everybody knows',
    ],
    [{ ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: EMAIL }, 'ADMIN_PASSWORD is one that everybody knows'],
    [{ ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: 'elevenchars' }, 'ADMIN_PASSWORD must be at least 12 characters'],
    [{ ADMIN_EMAIL: EMAIL }, 'ADMIN_PASSWORD must be set where ADMIN_EMAIL is'],
    [{ ADMIN_PASSWORD: PASSWORD }, 'ADMIN_EMAIL must be set where ADMIN_PASSWORD is'],
    [{ ADMIN_EMAIL: 'admin', ADMIN_PASSWORD: PASSWORD }, 'ADMIN_EMAIL must be an e-mail address'],
  ])('%j keep a live server from starting', (environment, mistake) => {
    expect(mistakes({ VITALBASE_ENV: 'live', ...environment })).toEqual([expect.stringContaining(mistake)]);
  });

  it('are held to the same where Node runs for production', () => {
    const image = { VITALBASE_ENV: 'test', NODE_ENV: 'production', ADMIN_EMAIL: EMAIL };
    expect(mistakes({ ...image, ADMIN_PASSWORD: 'your-secure-password' })).toEqual([
      expect.stringMatching(/everybody knows, and NODE_ENV is production; choose another one/),
    ]);
    expect(mistakes({ ...image, ADMIN_PASSWORD: 'elevenchars' })).toEqual([
      expect.stringMatching(/at least 12 characters long where NODE_ENV is production/),
    ]);
    expect(mistakes({ ...image, ADMIN_PASSWORD: PASSWORD })).toEqual([]);
  });

  it('may be the documented ones where nothing is real, but not shorter than any password', () => {
    const test = { VITALBASE_ENV: 'test', ADMIN_EMAIL: 'admin@admin.com' };
    expect(mistakes({ ...test, ADMIN_PASSWORD: 'your-secure-password' })).toEqual([]);
    expect(mistakes({ ...test, ADMIN_PASSWORD: 'seven77' })).toEqual([
      expect.stringContaining('at least 8 characters'),
    ]);
  });

  it('are checked before anything starts', async () => {
    const environment = { VITALBASE_ENV: 'live', ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: 'your-secure-password' };
    await expect(
      startApp({ ...environment, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/x' }),
    ).rejects.toThrow(
      /ADMIN_PASSWORD is one that everybody knows, and VITALBASE_ENV is live; choose another one/,
    );
    Object.assign(process.env, { ADMIN_EMAIL: '', ADMIN_PASSWORD: '' });
  });
});

describe('npm run developer', () => {
  it('makes a developer, and lets one in again who is locked out', async () => {
    const databaseUrl = await createDatabase();
    const made = await runDeveloper(databaseUrl, ['--email', 'ada@example.com']);
    expect(made).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('ada@example.com may sign in now'),
    });
    const password = made.stdout.trim();
    const server = await startApp({ DATABASE_URL: databaseUrl });
    try {
      expect(await login(server, 'ada@example.com', password)).toBe(200);
      const reset = ['--email', 'ada@example.com', '--reset', '--password-stdin'];
      expect(await runDeveloper(databaseUrl, reset, 'a password by hand\n')).toMatchObject({
        code: 0,
        stdout: '',
      });
      expect(await login(server, 'ada@example.com', password)).toBe(401);
      expect(await login(server, 'ada@example.com', 'a password by hand')).toBe(200);
      expect(await server.sql('SELECT 1 FROM developer_session')).toHaveLength(1);
    } finally {
      await server.close();
    }
  });

  it.each([
    [[], '', '--email is missing'],
    [['--email', 'nobody@example.com', '--reset'], '', 'There is no developer nobody@example.com'],
    [['--email', 'ada@example.com', '--password-stdin'], 'short\n', 'at least 8 characters'],
  ])('says what is wrong with %j', async (args, input, message) => {
    const ended = await runDeveloper(await createDatabase(), args, input);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('tells how it is used', async () => {
    const { code, stdout } = await runDeveloper('', ['--help']);
    expect(code).toBe(0);
    for (const option of ['--email', '--reset', '--password-stdin']) expect(stdout).toContain(option);
  });
});
