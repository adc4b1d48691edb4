import { PERSONA } from './support/knobs/knobs';
import { KnobWorld } from './support/knobs/knob-world';

const DAY_S = 86_400;

/** What no knob of the vendor's brings about, and how the route answers. */
describe('GET /api/v1/ops/users/{user_id}/diagnosis', () => {
  let world: KnobWorld;
  beforeAll(async () => {
    world = await KnobWorld.start();
  });
  beforeEach(() => world.reset());
  afterAll(() => world?.close());

  async function connected(): Promise<string> {
    const user = await world.createUser();
    await world.signIn(user, PERSONA);
    await world.runDue();
    world.later(60);
    return user;
  }

  const codesOf = async (user: string) => (await world.diagnose(user)).map(({ code }) => code);

  it('answers with the whole finding', async () => {
    const user = await connected();
    world.control.revokeUser(PERSONA);
    await world.syncAfter(3_600);
    const { body } = await world.server.request('GET', `/api/v1/ops/users/${user.toUpperCase()}/diagnosis`);
    expect(body).toEqual({
      user_id: user,
      at: world.clock.now().toISOString(),
      findings: [
        {
          code: 'reconnect_needed',
          severity: 'critical',
          provider: 'ultrahuman',
          connection_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          since: expect.stringMatching(/^2026-06-17T11:/),
          message: expect.stringContaining('refused to renew the access at 2026-06-17 11:'),
          evidence: expect.objectContaining({ last_synced_at: '2026-06-17T10:00:00.000Z' }),
          action: {
            kind: 'reconnect',
            text: expect.any(String),
            method: 'GET',
            path: `/api/v1/oauth/ultrahuman/authorize?user_id=${user}`,
            body: null,
            not_before: null,
          },
        },
      ],
    });
  });

  it('gives a link that works, and is content once it was followed', async () => {
    const user = await connected();
    world.control.revokeUser(PERSONA);
    await world.syncAfter(3_600);
    const [{ action }] = await world.diagnose(user);
    const { status, body } = await world.server.request(action.method!, action.path!);
    expect([status, body.authorization_url]).toEqual([200, expect.stringContaining('/authorise?')]);
    await world.signIn(user, PERSONA);
    await world.runDue();
    expect(await codesOf(user)).toEqual(['healthy']);
  });

  it('is never_connected before a sign-in, and while one is under way', async () => {
    const user = await world.createUser();
    expect(await codesOf(user)).toEqual(['never_connected']);
    await world.server.request('GET', `/api/v1/oauth/ultrahuman/authorize?user_id=${user}`);
    expect(await world.diagnose(user)).toMatchObject([{ code: 'never_connected', provider: 'ultrahuman' }]);
  });

  it('is sign_in_failed after a denial, with its count, until one goes well', async () => {
    const user = await world.createUser();
    await world.signIn(user, PERSONA, 'deny');
    await world.signIn(user, PERSONA, 'deny');
    expect(await world.diagnose(user)).toMatchObject([
      { code: 'sign_in_failed', evidence: { error: 'access_denied', failures: 2 } },
    ]);
    await world.signIn(user, PERSONA);
    await world.runDue();
    expect(await codesOf(user)).toEqual(['healthy']);
    expect(await world.server.sql('SELECT * FROM sign_in WHERE user_id = $1', [user])).toEqual([]);
  });

  it('forgets a sign-in that failed after a month, when the next one begins', async () => {
    const user = await world.createUser();
    await world.signIn(user, PERSONA, 'deny');
    world.later(31 * DAY_S);
    await world.signIn(await world.createUser(), PERSONA, 'deny');
    expect(await codesOf(user)).toEqual(['never_connected']);
  });

  it('is backfill_running between the sign-in and the end of the first run', async () => {
    const user = await world.createUser();
    await world.signIn(user, PERSONA);
    expect(await codesOf(user)).toEqual(['backfill_running']);
  });

  it('is client_refused, whoever asks, while the provider does not know this server', async () => {
    const user = await connected();
    await world.server.sql(
      `INSERT INTO token_endpoint (provider, client_refused_at, probe_at) VALUES ('ultrahuman', $1, $1)`,
      [world.clock.now()],
    );
    expect(await world.diagnose(user)).toMatchObject([
      { code: 'client_refused', severity: 'critical', action: { kind: 'fix_the_server' } },
    ]);
  });

  it('is backfill_paused until the action resumes it', async () => {
    const user = await connected();
    const historical = `/api/v1/providers/ultrahuman/users/${user}/sync/historical?days=10`;
    const { body } = await world.server.request('POST', historical);
    await world.server.request('POST', `/api/v1/users/${user}/sync/runs/${body.run_id}/pause`);
    await world.runDue();
    const [{ code, action }, ...others] = await world.diagnose(user);
    expect([code, others]).toEqual(['backfill_paused', []]);
    expect((await world.server.request(action.method!, action.path!)).status).toBe(200);
    expect(await codesOf(user)).toEqual(['backfill_running']);
    await world.runDue();
    expect(await codesOf(user)).toEqual(['healthy']);
  });

  /** A user whose first backfill was begun, and waits for its vendor. @returns the user, and the path of the run */
  async function backfilling(): Promise<[string, string]> {
    const user = await world.createUser();
    await world.signIn(user, PERSONA);
    world.control.addFault({ route: 'metrics', mode: 'status', status: 429, retry_after: 60 });
    await world.runDue();
    world.control.clearFaults();
    const [run] = await world.server.sql<{ run_id: string }>(
      `SELECT run_id FROM sync_run WHERE user_id = $1 AND status = 'in_progress'`,
      [user],
    );
    return [user, `/api/v1/users/${user}/sync/runs/${run.run_id}`];
  }

  it('is backfill_paused also of the first one', async () => {
    const [user, run] = await backfilling();
    await world.server.request('POST', `${run}/pause`);
    const action = { kind: 'resume', method: 'POST', path: `${run}/resume` };
    expect(await world.diagnose(user)).toMatchObject([{ code: 'backfill_paused', action }]);
    await world.syncAfter(3_600);
    expect(await world.diagnose(user)).toMatchObject([{ code: 'backfill_paused', action }]);
    await world.server.request('POST', action.path);
    await world.runDue();
    expect(await codesOf(user)).toEqual(['healthy']);
  });

  it('says of a first backfill that was cancelled when the next sync is due', async () => {
    const [user, run] = await backfilling();
    await world.server.request('POST', `${run}/cancel`);
    expect(await world.diagnose(user)).toMatchObject([
      { code: 'healthy', message: expect.stringContaining('The next sync is due at') },
    ]);
    await world.syncAfter(3_600);
    expect((await world.diagnose(user))[0].message).toContain('The last good answer came at');
  });

  it('is sync_overdue where no worker takes what is due', async () => {
    const user = await connected();
    await world.server.sql('DELETE FROM sync_run WHERE user_id <> $1', [user]);
    world.later(3 * 3_600);
    // Whoever presses "sync now" then does not look like a worker.
    await world.server.request('POST', `/api/v1/providers/ultrahuman/users/${user}/sync`);
    expect(await world.diagnose(user)).toMatchObject([
      { code: 'sync_overdue', message: expect.stringContaining('no worker runs') },
    ]);
    await world.runDue();
    expect(await codesOf(user)).toEqual(['healthy']);
  });

  it('is days_parked once a day was given up, and the days can be opened by the action', async () => {
    world.control.addFault({ route: 'metrics', mode: 'html', date: '2026-06-15' });
    const user = await connected();
    for (let tries = 0; tries < 5; tries++) {
      await world.runDue();
      world.later(20);
    }
    const [finding, ...others] = await world.diagnose(user);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'days_parked',
      evidence: { days: 1, from: '2026-06-15', to: '2026-06-15', reasons: ['payload_invalid'] },
    });
    world.control.clearFaults();
    const { method, path, body } = finding.action;
    const released = await world.server.request(method!, path!, { body: body! });
    expect(released).toMatchObject({ status: 200, body: { released: 1 } });
    await world.runDue();
    expect(await codesOf(user)).toEqual(['healthy']);
  });

  it('tells a ring in a drawer from a phone that was left behind', async () => {
    // 1008 leaves the ring off on that weekend, 1010 the phone at home on the 11th.
    const [ring, phone] = [await world.createUser(), await world.createUser()];
    world.moveTo(new Date('2026-06-18T06:00:00Z'));
    await world.signIn(ring, 1008);
    await world.runDue();
    world.moveTo(new Date('2026-06-21T06:00:00Z'));
    await world.runDue();
    expect(await world.diagnose(ring)).toMatchObject([
      {
        code: 'answers_empty',
        message: expect.stringContaining(
          'since Saturday 2026-06-20: the phone fetches, and the device is not worn',
        ),
      },
    ]);
    world.moveTo(new Date('2026-07-10T20:00:00Z'));
    await world.signIn(phone, 1010);
    await world.runDue();
    world.moveTo(new Date('2026-07-13T10:00:00Z'));
    await world.runDue();
    expect(await world.diagnose(phone)).toMatchObject([
      {
        code: 'answers_empty',
        message: expect.stringContaining(
          'since Saturday 2026-07-11: the device is not worn, or the phone does not fetch',
        ),
      },
    ]);
  });

  it('says whether the provider is away for everybody or for one user', async () => {
    const users = [await connected()];
    world.control.addFault({ route: 'metrics', mode: 'status', status: 503 });
    await world.syncAfter(3_600);
    const ofOne = { code: 'provider_unavailable', evidence: { affects: 'this_user' } };
    expect(await world.diagnose(users[0])).toMatchObject([ofOne]);
    world.control.clearFaults();
    users.push(await connected(), await connected());
    world.control.addFault({ route: 'metrics', mode: 'status', status: 503 });
    await world.syncAfter(3_600);
    const ofAll = {
      code: 'provider_unavailable',
      message: expect.stringContaining('does not answer anybody since 2026-06-17 12:'),
      evidence: { affects: 'everyone' },
    };
    for (const user of users) expect(await world.diagnose(user)).toMatchObject([ofAll]);
  });

  it('is days_recut where a journey has moved the days of the week before', async () => {
    const user = await world.createUser();
    world.moveTo(new Date('2026-02-08T10:00:00Z'));
    await world.signIn(user, 1004);
    await world.runDue();
    // The day before she has flown from London to Kolkata.
    world.moveTo(new Date('2026-02-17T10:00:00Z'));
    await world.syncMonth(user);
    expect(await codesOf(user)).toEqual(['days_recut']);
  });

  it('speaks of nobody else', async () => {
    const [one, other] = [await connected(), await world.createUser()];
    world.control.addFault({ route: 'metrics', mode: 'html' });
    await world.syncAfter(3_600);
    expect(await codesOf(one)).toEqual(['answers_unusable']);
    expect(await codesOf(other)).toEqual(['never_connected']);
  });

  it('needs the scope ops, a UUID, and a user', async () => {
    const path = (id: string) => `/api/v1/ops/users/${id}/diagnosis`;
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect((await world.server.request('GET', path(nobody), { key: null })).status).toBe(401);
    expect(await world.server.request('GET', path('me'))).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('Expected a UUID') },
    });
    expect(await world.server.request('GET', path(nobody))).toMatchObject({
      status: 404,
      body: { detail: `User with ID: ${nobody} not found.` },
    });
  });
});
