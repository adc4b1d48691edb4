import { SignInAttempts } from '../src/access/developers/sign-in-attempts';
import { startApp, TEST_DEVELOPER, type TestApp } from './support/app';

const { email, password } = TEST_DEVELOPER;

describe('wrong passwords', () => {
  let server: TestApp;
  let other: TestApp;
  beforeAll(async () => {
    server = await startApp();
    await server.asDeveloper('GET', '/api/v1/auth/me');
    other = await startApp({ DATABASE_URL: server.databaseUrl });
  });
  afterAll(async () => {
    await server?.close();
    await other?.close();
  });
  beforeEach(() => server.sql('TRUNCATE sign_in_attempt'));

  const login = (username: string, secret: string, at = server) =>
    at.request('POST', '/api/v1/auth/login', { key: null, body: { username, password: secret } });
  const attempts = () => server.app.get(SignInAttempts);
  const many = async (count: number, attempt: (index: number) => { email: string; address: string }) => {
    for (let index = 0; index < count; index++) await attempts().count(attempt(index));
  };

  it('of one address on one account are ten, over all processes; then not even the right one is tried', async () => {
    const answers = [];
    for (let index = 0; index < 10; index++) {
      answers.push((await login(email, 'wrong', index % 2 === 0 ? server : other)).status);
    }
    expect(new Set(answers)).toEqual(new Set([401]));
    for (const at of [server, other]) {
      const refused = await login(` ${email.toUpperCase()}`, password, at);
      expect(refused.status).toBe(429);
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(800);
      expect(seconds).toBeLessThanOrEqual(900);
      expect(refused.body.detail).toMatch(/^Too many wrong passwords\. Wait \d+ seconds/);
    }
    expect((await login('somebody@example.com', password)).status).toBe(401);
    expect((await server.asDeveloper('GET', '/api/v1/auth/me')).status).toBe(200);
  });

  it('are forgiven by the right one', async () => {
    for (let round = 0; round < 2; round++) {
      await many(9, () => ({ email, address: '127.0.0.1' }));
      expect((await login(email, password)).status).toBe(200);
    }
    expect(await server.sql(`SELECT points FROM sign_in_attempt WHERE key LIKE 'pair%'`)).toEqual([]);
  });

  it('of many requests at once are counted one by one', async () => {
    const waits = await Promise.all(
      Array.from({ length: 30 }, () => attempts().count({ email, address: '192.0.2.1' })),
    );
    expect(waits.filter((seconds) => seconds === 0)).toHaveLength(10);
  });

  it('of one address are a hundred an hour on all accounts', async () => {
    await many(100, (index) => ({ email: `somebody-${index}@example.com`, address: '192.0.2.2' }));
    expect(await attempts().count({ email: 'next@example.com', address: '192.0.2.2' })).toBeGreaterThan(
      3_500,
    );
    expect(await attempts().count({ email: 'next@example.com', address: '192.0.2.3' })).toBe(0);
  });

  it('of one IPv6 network are those of one client', async () => {
    await many(10, (index) => ({ email, address: `2001:db8:1:2::${index}` }));
    expect(await attempts().count({ email, address: '2001:db8:1:2:a:b:c:d' })).toBeGreaterThan(0);
    expect(await attempts().count({ email, address: '2001:db8:1:3::1' })).toBe(0);
  });

  it('on one account are a hundred an hour from all addresses, which one address alone does not reach', async () => {
    await many(500, () => ({ email, address: '192.0.2.4' }));
    expect(await attempts().count({ email, address: '192.0.2.5' })).toBe(0);
    await many(100, (index) => ({ email, address: `198.51.100.${index}` }));
    expect(await attempts().count({ email, address: '192.0.2.6' })).toBeGreaterThan(3_500);
  });

  it('count too where a password is changed', async () => {
    const change = () =>
      server.asDeveloper('POST', '/api/v1/auth/change-password', {
        body: {
          current_password: 'wrong',
          new_password: 'a new password',
          confirm_password: 'a new password',
        },
      });
    await many(9, () => ({ email, address: '127.0.0.1' }));
    expect(await change()).toMatchObject({ status: 400, body: { detail: 'Incorrect current password' } });
    expect((await change()).status).toBe(429);
  });

  it('leave nothing of what was typed', async () => {
    await login('typed@example.com', 'my-typed-password');
    const rows = await server.sql<{ key: string }>('SELECT key FROM sign_in_attempt');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('typed');
  });
});

describe('the time that a sign-in takes', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
    await server.asDeveloper('GET', '/api/v1/auth/me');
  });
  afterAll(() => server?.close());

  it('does not tell whether there is an account', async () => {
    const { DevelopersService } = await import('../src/access/developers/developers.service');
    const developers = server.app.get(DevelopersService);
    const timed = async (who: string) => {
      const began = performance.now();
      await developers.findByPassword(who, 'wrong');
      return performance.now() - began;
    };
    const [known, unknown]: number[][] = [[], []];
    // In turn, so that what else the machine does falls on both.
    for (let round = 0; round < 7; round++) {
      known.push(await timed(email));
      unknown.push(await timed('nobody@example.com'));
    }
    const fastest = (times: number[]) => Math.min(...times);
    expect(fastest(unknown) / fastest(known)).toBeGreaterThan(0.6);
    expect(fastest(unknown) / fastest(known)).toBeLessThan(1.6);
  });
});
