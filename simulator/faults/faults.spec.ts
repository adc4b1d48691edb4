import { LoggedRequest } from '../http/request-log';
import { RunningSimulator, startSimulator } from '../server';
import { bodyOf, DemoClient, Tokens } from '../testing/demo-client';

describe('faults', () => {
  let simulator: RunningSimulator;
  let client: DemoClient;
  let tokens: Tokens;

  beforeAll(async () => {
    simulator = await startSimulator({ now: '2026-06-30T18:00:00Z', uiNoise: false });
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

  it('strikes the one request that brings a fault in its header', async () => {
    const withFault = (fault: unknown) =>
      fetch(`${client.url}/api/partners/v1/user_data/metrics?date=2026-06-20`, {
        headers: {
          authorization: `Bearer ${tokens.access_token}`,
          'x-sim-fault': typeof fault === 'string' ? fault : JSON.stringify(fault),
        },
      });
    await spoil({ route: 'metrics', mode: 'status', status: 500, times: 1 });
    expect((await withFault({ mode: 'status', status: 418 })).status).toBe(418);
    // The posted one is still there for the next.
    expect([(await day()).status, (await day()).status]).toEqual([500, 200]);
    expect(await (await withFault({ mode: 'shape', shape: 'new_type' })).text()).toContain('stress_rhythm');
    const refused: [unknown, RegExp][] = [
      ['html', /x-sim-fault is not JSON/],
      [[], /must be a JSON object/],
      [{ mode: 'html', route: 'token' }, /leave route out/],
      [{ mode: 'html', times: 2 }, /leave times out/],
      [{ mode: 'fire' }, /mode must be one of/],
      [{ mode: 'shape', shape: 'round' }, /shape must be one of/],
      [{ mode: 'state_tamper' }, /for authorise only/],
    ];
    for (const [fault, reason] of refused) {
      const answer = await withFault(fault);
      expect(answer.status).toBe(400);
      expect((await bodyOf<{ error: string }>(answer)).error).toMatch(reason);
    }
  });

  it('sends a browser back with a state that nobody sent, once it has decided', async () => {
    await spoil({ route: 'authorise', mode: 'state_tamper', times: 1 });
    expect((await client.consentPage()).status).toBe(200);
    const tampered = await client.decide(1001, ['profile']);
    expect(tampered.searchParams.get('state')).toBe('At4te');
    expect((await client.redeem(tampered.searchParams.get('code') ?? '')).status).toBe(200);
    expect((await client.decide(1001, ['profile'])).searchParams.get('state')).toBe('st4te');
    const aimed = await client.control('POST', 'faults', { route: 'authorise', mode: 'html', user: 1001 });
    expect([aimed.status, await aimed.text()]).toEqual([
      400,
      expect.stringMatching(/leave user and date out/),
    ]);
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

  it('strikes the nth request and no other', async () => {
    await spoil({ route: 'metrics', mode: 'status', status: 502, nth: 3 });
    const statuses = [];
    for (let call = 1; call <= 5; call++) statuses.push((await day()).status);
    expect(statuses).toEqual([200, 200, 502, 200, 200]);
  });

  it('strikes by chance, the same way for the same seed', async () => {
    const luck = async (seed: string) => {
      await client.control('DELETE', 'faults');
      await spoil({ route: 'token_info', mode: 'status', status: 500, probability: 0.4, seed });
      const statuses = [];
      for (let call = 0; call < 40; call++)
        statuses.push((await client.get('oauth/token/info', tokens.access_token)).status);
      return statuses;
    };
    const first = await luck('one');
    expect(await luck('one')).toEqual(first);
    expect(await luck('two')).not.toEqual(first);
    const struck = first.filter((status) => status === 500).length;
    expect(struck).toBeGreaterThan(7);
    expect(struck).toBeLessThan(26);
  });

  it('ends after so much simulated time', async () => {
    await spoil({ route: 'metrics', mode: 'status', status: 503, for_seconds: 3600 });
    expect((await day()).status).toBe(503);
    await client.control('POST', 'clock', { advance_seconds: 3599 });
    expect((await day()).status).toBe(503);
    await client.control('POST', 'clock', { advance_seconds: 1 });
    expect((await day()).status).toBe(200);
    expect(simulator.control.faults()).toEqual([]);
  });

  it('lets an answer drip', async () => {
    const whole = await (await day()).text();
    await spoil({ route: 'metrics', mode: 'drip', ms: 400, times: 1 });
    const asked = Date.now();
    const dripping = await day();
    const headersAfter = Date.now() - asked;
    expect(await dripping.text()).toBe(whole);
    expect(Date.now() - asked).toBeGreaterThanOrEqual(350);
    expect(headersAfter).toBeLessThan(300);
  });

  it('spoils the shape of a day, and says so in the log', async () => {
    const whole = await (await day()).text();
    await spoil({ route: 'metrics', mode: 'shape', shape: 'day_removed', times: 1 });
    expect(await (await day()).json()).toMatchObject({ data: { metric_data: [] }, status: 200 });
    expect(simulator.control.requests().at(-1)).toMatchObject({ fault: 'day_removed', status: 200 });
    expect(await (await day()).text()).toBe(whole);
  });

  it('takes its turns from one answer to the next', async () => {
    const whole = await (await day()).text();
    await spoil({ route: 'metrics', mode: 'shape', shape: 'missing_field' });
    const [first, second] = [await (await day()).text(), await (await day()).text()];
    expect([first.includes('day_start_timestamp'), first.includes('"timestamp"')]).toEqual([false, true]);
    expect([second.includes('day_start_timestamp'), second.includes('"timestamp"')]).toEqual([true, false]);
    expect(whole).toContain('"timestamp"');
  });

  it.each([
    [{ route: 'metrics', mode: 'sulk' }, /mode must be one of status, hang/],
    [{ route: 'nowhere', mode: 'drop' }, /route must be one of authorise, token/],
    [{ route: 'token', mode: 'drop', time: 1 }, /unknown field time; a fault has route/],
    [{ route: 'metrics', mode: 'shape' }, /go together; a shape is one of duplicate_points/],
    [{ route: 'metrics', mode: 'shape', shape: 'round' }, /shape must be one of duplicate_points/],
    [{ route: 'metrics', mode: 'drop', shape: 'huge' }, /go together/],
    [{ route: 'token', mode: 'shape', shape: 'huge' }, /shape is for metrics only/],
    [{ route: 'metrics', mode: 'shape', shape: 'huge', offset_ms: 2 }, /offset_ms is for the shape shifted/],
    [{ route: 'metrics', mode: 'shape', shape: 'huge', field: 'x' }, /field is for the shape missing_field/],
    [{ route: 'metrics', mode: 'drop', nth: 0 }, /nth must be a whole number/],
    [{ route: 'metrics', mode: 'drop', probability: 1.1 }, /probability must lie/],
  ])('refuses %j', async (fault, reason) => {
    const answer = await client.control('POST', 'faults', fault);
    expect(answer.status).toBe(400);
    expect((await bodyOf<{ error: string }>(answer)).error).toMatch(reason);
    expect(simulator.control.faults()).toEqual([]);
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
