import { RunningSimulator, startSimulator } from '../server';
import { bodyOf, DemoClient, Tokens } from '../testing/demo-client';

interface TokenInfo {
  resource_owner_id: number;
  scope: string[];
}

describe('control', () => {
  let simulator: RunningSimulator;
  let client: DemoClient;

  beforeAll(async () => {
    simulator = await startSimulator({ now: '2026-06-30T18:00:00Z' });
    client = new DemoClient(simulator.url);
  });
  afterEach(async () => {
    await client.control('POST', 'scenarios/calm');
    await client.control('POST', 'rate-limit', { off: true });
    await client.control('POST', 'skew', { seconds: 0 });
  });
  afterAll(() => simulator.close());

  const infoOf = async (token: string) => bodyOf<TokenInfo>(await client.get('oauth/token/info', token));
  const refreshed = async (tokens: Tokens) => bodyOf<Tokens>(await client.refresh(tokens.refresh_token));

  it('shrinks the scopes of the next refresh, and what a day then shows', async () => {
    const first = await client.connect(1003);
    await client.control('POST', 'shrink-scopes', { user: 1003, scopes: ['profile', 'ring_data'] });
    expect((await infoOf(first.access_token)).scope).toEqual(['profile', 'ring_data', 'cgm_data']);
    const second = await refreshed(first);
    expect(second.scope).toBe('profile ring_data');
    const day = await (await client.day('2026-06-20', second.access_token)).text();
    expect(day).toContain('"steps"');
    expect(day).not.toContain('glucose');
    expect((await refreshed(second)).scope).toBe('profile ring_data');
    const anew = await client.connect(1003);
    expect(anew.scope).toBe('profile ring_data cgm_data');
    expect((await refreshed(anew)).scope).toBe('profile ring_data cgm_data');
  });

  it('changes the account from the next refresh or exchange on, for one user', async () => {
    const [first, other] = [await client.connect(1001), await client.connect(1002)];
    await client.control('POST', 'change-account', { user: 1001, id: 7351 });
    expect((await infoOf(first.access_token)).resource_owner_id).toBe(1001);
    const second = await refreshed(first);
    expect((await infoOf(second.access_token)).resource_owner_id).toBe(7351);
    const profile = await client.get('v1/user_data/user_info', second.access_token);
    expect(await profile.json()).toMatchObject({ id: 7351, user_id: 7351 });
    expect((await client.day('2026-06-20', second.access_token)).status).toBe(200);
    expect((await infoOf((await client.connect(1001)).access_token)).resource_owner_id).toBe(7351);
    expect((await infoOf((await refreshed(other)).access_token)).resource_owner_id).toBe(1002);
    await client.control('POST', 'change-account', { user: 1001, id: null });
    expect((await infoOf((await refreshed(second)).access_token)).resource_owner_id).toBe(1001);
  });

  it('limits how often a user may ask, and says when to come back', async () => {
    const [mine, others] = [await client.connect(1001), await client.connect(1002)];
    await client.control('POST', 'rate-limit', { window_seconds: 300, max: 2, kind: 'sliding' });
    const ask = async (tokens: Tokens) => client.day('2026-06-20', tokens.access_token);
    expect([(await ask(mine)).status, (await ask(mine)).status]).toEqual([200, 200]);
    const limited = await ask(mine);
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(290);
    expect((await ask(others)).status).toBe(200);
    expect((await client.get('oauth/token/info', mine.access_token)).status).toBe(200);
    simulator.control.rateLimit({ window_seconds: 300, max: 1, kind: 'sliding', retry_after: false });
    await ask(mine);
    expect((await ask(mine)).headers.get('retry-after')).toBeNull();
    simulator.control.rateLimit(null);
    expect((await ask(mine)).status).toBe(200);
  });

  it('puts the vendor’s clock wrong', async () => {
    await client.control('POST', 'skew', { seconds: -7200 });
    const answer = await client.redeem(await client.code(1001));
    const { created_at: created, expires_in: lasts } = await bodyOf<Tokens>(answer);
    const now = Date.now() / 1000;
    expect(Math.abs(created - (now - 7200))).toBeLessThan(5);
    expect(lasts).toBe(86_400);
    const stamped = Date.parse(answer.headers.get('date') ?? '') / 1000;
    expect(Math.abs(stamped - (now - 7200))).toBeLessThan(5);
  });

  it('switches the screen noise', async () => {
    const { access_token: token } = await client.connect(1001);
    const text = async () => (await client.day('2026-06-20', token)).text();
    expect(await text()).not.toBe(await text());
    await client.control('POST', 'noise', { on: false });
    expect(await text()).toBe(await text());
    simulator.control.setNoise(true);
    expect(await text()).not.toBe(await text());
  });

  it('sums the requests of a user up', async () => {
    const tokens = await client.connect(1002);
    await client.control('DELETE', 'requests');
    const second = await refreshed(tokens);
    simulator.control.addFault({ route: 'metrics', mode: 'hang', ms: 120, times: 3 });
    await Promise.all([18, 19, 20].map((date) => client.day(`2026-06-${date}`, second.access_token)));
    await client.day('2026-07-09', second.access_token);
    await client.day('2026-06-20', (await client.connect(1001)).access_token);
    const form = {
      token: second.refresh_token,
      client_id: 'vitalbase-demo',
      client_secret: 'vitalbase-demo-secret',
    };
    await fetch(`${simulator.url}/api/partners/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const answer = await client.control('GET', 'requests/summary?user=1002');
    expect(await answer.json()).toEqual({
      counts: { 'token 200': 1, 'metrics 200': 3, 'metrics 404': 1, 'revoke 200': 1 },
      max_in_flight: 3,
      exchanges: 0,
      refreshes: 1,
      revokes: 1,
    });
    expect(simulator.control.summary().counts['metrics 200']).toBe(4);
  });

  it('plays scenarios', async () => {
    const { access_token: token } = await client.connect(1001);
    const listed = await bodyOf<{ scenarios: { name: string }[] }>(await client.control('GET', 'scenarios'));
    const names = listed.scenarios.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['outage_6h', 'html_outage', 'rotation_lost', 'drift_new_type', 'rolled_back']),
    );
    for (const name of names) expect((await client.control('POST', `scenarios/${name}`)).status).toBe(200);
    await client.control('POST', 'scenarios/calm');
    await client.control('POST', 'scenarios/outage_6h');
    expect((await client.day('2026-06-20', token)).status).toBe(503);
    simulator.control.setClock({ advance_seconds: 6 * 3600 });
    expect((await client.day('2026-06-20', token)).status).toBe(200);
    await client.control('POST', 'scenarios/drift_new_type');
    await client.control('POST', 'scenarios/envelope_e2');
    const drifted = await (await client.day('2026-06-20', token)).text();
    expect(drifted).toMatch(/^{"data":{"metrics":.*stress_rhythm_score/);
    const unknown = await client.control('POST', 'scenarios/storm');
    expect([unknown.status, await unknown.text()]).toEqual([
      400,
      expect.stringContaining('there are calm, '),
    ]);
  });

  it('plays a scenario from a file of steps, or none of it', async () => {
    const { access_token: token } = await client.connect(1001);
    const steps = [
      { fault: { route: 'metrics', mode: 'status', status: 502, date: '2026-06-19' } },
      { envelope: 'e2', noise: false },
      { clock: { advance_seconds: 7200 } },
    ];
    const before = Date.parse(simulator.control.now());
    const played = await client.control('POST', 'scenarios', { name: 'bad_gateway', steps });
    expect(await played.json()).toMatchObject({ scenario: { name: 'bad_gateway', summary: '', steps } });
    expect((await client.day('2026-06-19', token)).status).toBe(502);
    expect(await (await client.day('2026-06-20', token)).text()).toMatch(/^{"data":{"metrics":/);
    expect(Date.parse(simulator.control.now()) - before).toBe(7_200_000);
    await client.control('POST', 'scenarios/calm');
    const broken = await client.control('POST', 'scenarios', { steps: [steps[0], { envelope: 'e3' }] });
    expect(broken.status).toBe(400);
    expect(simulator.control.faults()).toEqual([]);
  });

  it.each([
    ['scenarios', {}, /steps must be a list/],
    ['scenarios', { steps: [] }, /steps must be a list/],
    ['scenarios', { steps: [{ cloc: {} }] }, /unknown field cloc; a step has clock/],
    ['scenarios', { steps: ['calm'] }, /a step must be an object/],
    ['scenarios', { steps: [{ clock: 'noon' }] }, /clock must be an object/],
    ['scenarios', { steps: [{ fault: { route: 'moon', mode: 'html' } }] }, /route must be one of authorise/],
    ['clock', { speeed: 2 }, /unknown field speeed; a clock change has now/],
    ['clock', { speed: -1 }, /speed must be 0/],
    ['clock', { now: 'noon' }, /"noon" is not an ISO 8601 instant/],
    ['noise', {}, /on must be true or false/],
    ['rate-limit', { window_seconds: 5 }, /max must be how many/],
    ['rate-limit', { window_seconds: 0, max: 1 }, /window_seconds above 0/],
    ['rate-limit', { window_seconds: 5, max: 1, kind: 'leaky' }, /fixed or sliding/],
    ['skew', {}, /seconds must be a number/],
    ['shrink-scopes', { user: 1001, scopes: ['everything'] }, /some of profile, ring_data, cgm_data/],
    ['shrink-scopes', { user: 9, scopes: [] }, /user must be one of 1001/],
    ['change-account', { user: 1001 }, /id must be the number/],
    ['expire-tokens', {}, /user must be the number of a persona/],
  ])('refuses a bad %s: %j', async (route, body, reason) => {
    const answer = await client.control('POST', route, body);
    expect(answer.status).toBe(400);
    expect((await bodyOf<{ error: string }>(answer)).error).toMatch(reason);
  });
});

describe('the clock', () => {
  it('moves what there is to know', async () => {
    const simulator = await startSimulator({ now: '2026-06-29T20:00:00Z' });
    const client = new DemoClient(simulator.url);
    const { access_token: token } = await client.connect(1001);
    expect((await client.day('2026-06-30', token)).status).toBe(200);
    expect((await client.day('2026-07-01', token)).status).toBe(404);
    const moved = await client.control('POST', 'clock', { advance_seconds: 86_400 });
    expect(await moved.json()).toEqual({ now: '2026-06-30T20:00:00.000Z', speed: 0 });
    expect((await client.day('2026-07-01', token)).status).toBe(200);
    expect(simulator.control.truth(1001, '2026-06-30')[0].steps_total).toBeGreaterThan(0);
    await simulator.close();
  });

  it('runs as fast as it is told', async () => {
    const simulator = await startSimulator({ now: '2026-06-29T20:00:00Z', speed: 3600 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const ran = Date.parse(simulator.control.now()) - Date.parse('2026-06-29T20:00:00Z');
    expect(ran).toBeGreaterThanOrEqual(600_000);
    const stopped = await new DemoClient(simulator.url).control('POST', 'clock', {
      now: '2026-06-29T21:00:00Z',
      speed: 0,
    });
    expect(await stopped.json()).toEqual({ now: '2026-06-29T21:00:00.000Z', speed: 0 });
    await simulator.close();
  });
});
