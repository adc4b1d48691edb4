import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { RunningSimulator, startSimulator } from '../server';
import { bodyOf, DemoClient, Tokens } from '../testing/demo-client';
import { Answer, fingerprint, TokenPair } from './ledger';

interface Read {
  tokens: TokenPair[];
  answers: Answer[];
}

describe('the ledger', () => {
  let simulator: RunningSimulator;
  let client: DemoClient;

  beforeAll(async () => {
    simulator = await startSimulator({ now: '2026-06-30T18:00:00Z' });
    client = new DemoClient(simulator.url);
  });
  afterAll(() => simulator.close());

  const ledgerOf = async (user: number) => bodyOf<Read>(await client.control('GET', `ledger?user=${user}`));
  const lastAnswer = async (user: number) => (await ledgerOf(user)).answers.at(-1)!;

  it('names each pair of tokens by its fingerprints, and when it was used up', async () => {
    const first = await client.connect(1001);
    const second = await bodyOf<Tokens>(await client.refresh(first.refresh_token));
    await client.control('POST', 'revoke-user', { user: 1001 });
    const { tokens } = await ledgerOf(1001);
    expect(tokens).toMatchObject([
      { refresh: fingerprint(first.refresh_token), consumed_at: expect.any(String), revoked_at: null },
      { refresh: fingerprint(second.refresh_token), consumed_at: null, revoked_at: expect.any(String) },
    ]);
    const everything = await (await client.control('GET', 'ledger')).text();
    for (const secret of [first, second].flatMap((it) => [it.access_token, it.refresh_token]))
      expect(everything).not.toContain(secret);
  });

  it('holds what was answered, to the byte, and that it was sent', async () => {
    const { access_token: token } = await client.connect(1002);
    const body = Buffer.from(await (await client.day('2026-06-20', token)).arrayBuffer());
    expect(await lastAnswer(1002)).toMatchObject({
      route: 'metrics',
      date: '2026-06-20',
      token: fingerprint(token),
      status: 200,
      sha256: createHash('sha256').update(body).digest('hex'),
      bytes: body.length,
      sent_at: expect.any(String),
    });
  });

  it('knows of an answer that was swallowed, and of one whose caller had left', async () => {
    const { access_token: token } = await client.connect(1003);
    const drop = { route: 'metrics', mode: 'drop', after: true, times: 1 };
    await client.control('POST', 'faults', drop);
    await expect(client.day('2026-06-20', token)).rejects.toThrow('fetch failed');
    expect(await lastAnswer(1003)).toMatchObject({ status: null, fault: 'drop', sent_at: null });

    await client.control('POST', 'latency', { route: 'metrics', ms: 60 });
    await leaveEarly(`${client.url}/api/partners/v1/user_data/metrics?date=2026-06-19`, token);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await client.control('POST', 'latency', { route: 'metrics', ms: 0 });
    expect(await lastAnswer(1003)).toMatchObject({ status: 200, date: '2026-06-19', sent_at: null });
  });

  it('takes its time where a route has a latency', async () => {
    const { access_token: token } = await client.connect(1006);
    await client.control('POST', 'latency', { route: 'metrics', ms: 80, jitter_ms: 5 });
    const began = performance.now();
    await client.day('2026-06-20', token);
    expect(performance.now() - began).toBeGreaterThan(70);
    const ended = await client.control('POST', 'latency', { route: 'metrics', ms: 0 });
    expect(await ended.json()).toEqual({ latencies: [] });
    expect((await client.control('POST', 'latency', { route: 'cake', ms: 1 })).status).toBe(400);
  });
});

describe('an account beyond the personas', () => {
  it('lives the life of its persona under a grant of its own', async () => {
    const simulator = await startSimulator({ now: '2026-06-30T18:00:00Z', uiNoise: false });
    const client = new DemoClient(simulator.url);
    try {
      const [own, copy] = [await client.connect(1001), await client.connect(31_001)];
      const info = await bodyOf<{ resource_owner_id: number }>(
        await client.get('oauth/token/info', copy.access_token),
      );
      expect(info.resource_owner_id).toBe(31_001);
      const days = [own, copy].map(async (tokens) =>
        (await client.day('2026-06-20', tokens.access_token)).text(),
      );
      const [first, second] = await Promise.all(days);
      expect(first.length).toBeGreaterThan(10_000);
      expect(second).toBe(first);
      expect(simulator.control.truth(31_001, '2026-06-20')[0].user).toBe(31_001);
      await client.control('POST', 'revoke-user', { user: 31_001 });
      expect((await client.day('2026-06-20', own.access_token)).status).toBe(200);
      expect((await client.day('2026-06-20', copy.access_token)).status).toBe(401);
    } finally {
      await simulator.close();
    }
  });
});

function leaveEarly(url: string, token: string): Promise<void> {
  return new Promise((resolve) => {
    const call = request(url, { headers: { authorization: `Bearer ${token}` } });
    call.once('error', () => resolve());
    call.end();
    setTimeout(() => call.destroy(), 20);
  });
}
