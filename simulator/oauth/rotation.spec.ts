import { RunningSimulator, startSimulator } from '../server';
import { bodyOf, DemoClient, Tokens } from '../testing/demo-client';

describe('a refresh token that comes again', () => {
  let simulator: RunningSimulator;
  let client: DemoClient;

  beforeAll(async () => {
    simulator = await startSimulator({ now: '2026-06-30T18:00:00Z', tokenClock: 'simulated' });
    client = new DemoClient(simulator.url);
  });
  afterEach(() => client.control('POST', 'rotation', { policy: 'strict' }));
  afterAll(() => simulator.close());

  const refreshed = async (tokens: Tokens) => bodyOf<Tokens>(await client.refresh(tokens.refresh_token));
  const reusesOf = (user: number) => simulator.control.ledger(user).tokens.flatMap(({ reuses }) => reuses);

  it('is refused by a strict vendor, and recorded', async () => {
    const first = await client.connect(1001);
    const second = await refreshed(first);
    expect((await client.refresh(first.refresh_token)).status).toBe(400);
    expect(reusesOf(1001)).toEqual([{ at: expect.any(String), answer: 'refused' }]);
    expect((await client.refresh(second.refresh_token)).status).toBe(200);
  });

  it('brings the same pair while the grace lasts, and not after it', async () => {
    await client.control('POST', 'rotation', { policy: 'grace', grace_seconds: 30 });
    const first = await client.connect(1002);
    const second = await refreshed(first);
    simulator.control.setClock({ advance_seconds: 29 });
    const again = await refreshed(first);
    expect([again.access_token, again.refresh_token]).toEqual([second.access_token, second.refresh_token]);
    simulator.control.setClock({ advance_seconds: 1 });
    expect((await client.refresh(first.refresh_token)).status).toBe(400);
    expect(reusesOf(1002).map(({ answer }) => answer)).toEqual(['same_pair', 'refused']);
  });

  it('is refused once the new pair has been used in its turn', async () => {
    await client.control('POST', 'rotation', { policy: 'grace', grace_seconds: 30 });
    const first = await client.connect(1003);
    await refreshed(await refreshed(first));
    expect((await client.refresh(first.refresh_token)).status).toBe(400);
  });

  it('takes the whole grant with it where reuse counts as theft, and no other grant', async () => {
    await client.control('POST', 'rotation', { policy: 'strict', revoke_family: true });
    const [stolen, other] = [await client.connect(1004), await client.connect(1004)];
    const latest = await refreshed(await refreshed(stolen));
    await client.refresh(stolen.refresh_token);
    expect((await client.refresh(latest.refresh_token)).status).toBe(400);
    expect((await client.refresh(other.refresh_token)).status).toBe(200);
  });

  it('ages tokens by the simulated clock if told to', async () => {
    const { access_token: token } = await client.connect(1005);
    simulator.control.setClock({ advance_seconds: 86_399 });
    expect((await client.get('oauth/token/info', token)).status).toBe(200);
    simulator.control.setClock({ advance_seconds: 1 });
    expect((await client.get('oauth/token/info', token)).status).toBe(401);
  });

  it.each([{ policy: 'lenient' }, { policy: 'grace', grace_seconds: 0 }, { policy: 'strict', grace: 3 }])(
    'refuses the policy %j',
    async (policy) => {
      expect((await client.control('POST', 'rotation', policy)).status).toBe(400);
    },
  );
});
