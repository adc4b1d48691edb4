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
  interface Ended {
    code: number;
    stdout: string;
    stderr: string;
  }

  /** From its sources. */
  const run = (databaseUrl: string, args: string[], input = ''): Promise<Ended> =>
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

  it('makes a developer, and lets one in again who is locked out', async () => {
    const databaseUrl = await createDatabase();
    const made = await run(databaseUrl, ['--email', 'ada@example.com']);
    expect(made).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('ada@example.com may sign in now'),
    });
    const password = made.stdout.trim();
    const server = await startApp({ DATABASE_URL: databaseUrl });
    try {
      expect(await login(server, 'ada@example.com', password)).toBe(200);
      const reset = ['--email', 'ada@example.com', '--reset', '--password-stdin'];
      expect(await run(databaseUrl, reset, 'a password by hand\n')).toMatchObject({ code: 0, stdout: '' });
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
    const ended = await run(await createDatabase(), args, input);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('tells how it is used', async () => {
    const { code, stdout } = await run('', ['--help']);
    expect(code).toBe(0);
    for (const option of ['--email', '--reset', '--password-stdin']) expect(stdout).toContain(option);
  });
});
