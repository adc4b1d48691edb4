import { RunningSimulator, startSimulator } from './server';
import { LoggedRequest } from './http/request-log';
import { bodyOf, DemoClient, Tokens } from './testing/demo-client';

describe('faults', () => {
  let simulator: RunningSimulator;
  let client: DemoClient;
  let tokens: Tokens;

  beforeAll(async () => {
    simulator = await startSimulator({ now: '2026-06-30T18:00:00Z' });
    client = new DemoClient(simulator.url);
    tokens = await client.connect(1001);
  });
  afterEach(() => client.control('DELETE', 'faults'));
  afterAll(() => simulator.close());

  const spoil = async (fault: Record<string, unknown>) => {
    expect((await client.control('POST', 'faults', fault)).status).toBe(201);
  };
  const day = (date = '2026-06-20') => client.day(date, tokens.access_token);

  it('answers with a status as often as told, then recovers', async () => {
    await spoil({ route: 'metrics', mode: 'status', status: 429, retry_after: 7, times: 1 });
    const limited = await day();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await day()).status).toBe(200);
  });

  it('hits only the date and user it aims at', async () => {
    await spoil({ route: 'metrics', mode: 'status', status: 503, date: '2026-06-19', user: 1001 });
    expect((await day('2026-06-20')).status).toBe(200);
    expect((await day('2026-06-19')).status).toBe(503);
    await client.control('DELETE', 'faults');
    await spoil({ route: 'metrics', mode: 'status', status: 503, user: 1002 });
    expect((await day('2026-06-19')).status).toBe(200);
  });

  it('sends pages, halves and nothing at all', async () => {
    await spoil({ route: 'metrics', mode: 'html', times: 1 });
    const page = await day();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    await spoil({ route: 'metrics', mode: 'truncated', times: 1 });
    const half = await (await day()).text();
    expect(() => JSON.parse(half)).toThrow(SyntaxError);
    await spoil({ route: 'metrics', mode: 'empty', times: 1 });
    expect(await (await day()).text()).toBe('');
  });

  it('answers with another day', async () => {
    const yesterday = await (await day('2026-06-19')).text();
    await spoil({ route: 'metrics', mode: 'other_day', times: 1 });
    expect(await (await day('2026-06-20')).text()).toBe(yesterday);
  });

  it('drops the line, or leaves it hanging', async () => {
    await spoil({ route: 'metrics', mode: 'drop', times: 1 });
    await expect(day()).rejects.toThrow('fetch failed');
    await spoil({ route: 'user_info', mode: 'hang', times: 1 });
    const patience = {
      signal: AbortSignal.timeout(150),
      headers: { authorization: `Bearer ${tokens.access_token}` },
    };
    await expect(fetch(`${client.url}/api/partners/v1/user_data/user_info`, patience)).rejects.toThrow(
      /aborted|timeout/,
    );
    await spoil({ route: 'metrics', mode: 'hang', ms: 120, times: 1 });
    const asked = Date.now();
    expect((await day()).status).toBe(200);
    expect(Date.now() - asked).toBeGreaterThanOrEqual(110);
  });

  it('can lose the answer of a rotation that took place', async () => {
    const pair = await client.connect(1003);
    await spoil({ route: 'token', mode: 'drop', after: true, times: 1 });
    await expect(client.refresh(pair.refresh_token)).rejects.toThrow('fetch failed');
    expect((await client.refresh(pair.refresh_token)).status).toBe(400);
    const before = await client.connect(1003);
    await spoil({ route: 'token', mode: 'drop', times: 1 });
    await expect(client.refresh(before.refresh_token)).rejects.toThrow('fetch failed');
    expect((await client.refresh(before.refresh_token)).status).toBe(200);
  });

  it('refuses what it does not understand', async () => {
    for (const fault of [
      { route: 'metrics', mode: 'sulk' },
      { route: 'nowhere', mode: 'drop' },
      { route: 'token', mode: 'drop', time: 1 },
    ]) {
      expect((await client.control('POST', 'faults', fault)).status).toBe(400);
    }
  });

  it('keeps a log of who asked for what, without a secret in it', async () => {
    await client.control('DELETE', 'requests');
    await spoil({ route: 'metrics', mode: 'status', status: 500, times: 1 });
    await day('2026-06-18');
    await client.refresh((await client.connect(1002)).refresh_token);
    const log = await client.control('GET', 'requests');
    const { requests } = await bodyOf<{ requests: LoggedRequest[] }>(log);
    expect(requests[0]).toMatchObject({
      route: 'metrics',
      date: '2026-06-18',
      user: 1001,
      status: 500,
      fault: 'status',
    });
    expect(requests.filter(({ route }) => route === 'token').map(({ user }) => user)).toEqual([1002, 1002]);
    expect(JSON.stringify(requests)).not.toContain(tokens.access_token);
  });
});

describe('clock', () => {
  it('moves what there is to know', async () => {
    const simulator = await startSimulator({ now: '2026-06-29T20:00:00Z' });
    const client = new DemoClient(simulator.url);
    const { access_token: token } = await client.connect(1001);
    expect((await client.day('2026-06-30', token)).status).toBe(200);
    expect((await client.day('2026-07-01', token)).status).toBe(404);
    const moved = await client.control('POST', 'clock', { advance_seconds: 86_400 });
    expect(await moved.json()).toEqual({ now: '2026-06-30T20:00:00.000Z' });
    expect((await client.day('2026-07-01', token)).status).toBe(200);
    expect(simulator.control.truth(1001, '2026-06-30')[0].steps_total).toBeGreaterThan(0);
    await simulator.close();
  });
});
