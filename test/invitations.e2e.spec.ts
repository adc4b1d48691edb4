import { setTimeout as wait } from 'node:timers/promises';
import { InvitationMail } from '../src/access/invitations/invitation-mail';
import { Clock } from '../src/database/clock';
import { startApp, TEST_DEVELOPER, type TestApp } from './support/app';
import { MailServer } from './support/mail-server';

const UNKNOWN = '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34';
const PATH = '/api/v1/invitations';
const PASSWORD = 'a password of hers';
const WEEK_MS = 7 * 24 * 3_600_000;

const tools = (server: () => TestApp) => {
  let count = 0;
  const address = () => `invited-${++count}@example.com`;
  const invite = (email = address()) => server().asDeveloper('POST', PATH, { body: { email } });
  const find = async (id: string) => {
    const { body } = await server().asDeveloper('GET', PATH);
    return body.find((one: { id: string }) => one.id === id);
  };
  const accept = (token: string, more: object = {}) =>
    server().request('POST', `${PATH}/accept`, {
      key: null,
      body: { token, first_name: 'Grace', last_name: 'Hopper', password: PASSWORD, ...more },
    });
  const login = async (username: string) => {
    const body = { username, password: PASSWORD };
    return (await server().request('POST', '/api/v1/auth/login', { key: null, body })).status;
  };
  const later = (ms: number) => {
    const now = Date.now();
    jest.spyOn(server().app.get(Clock), 'now').mockReturnValue(new Date(now + ms));
  };
  return { address, invite, find, accept, login, later };
};

const INVALID = { status: 400, body: { detail: expect.stringMatching(/^Invalid or expired invitation/) } };

describe('invitations without a mail server', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(() => server?.close());
  afterEach(() => jest.restoreAllMocks());
  const { address, invite, find, accept, login, later } = tools(() => server);
  const revoke = (id: string) => server.asDeveloper('DELETE', `${PATH}/${id}`);
  const resend = (id: string) => server.asDeveloper('POST', `${PATH}/${id}/resend`);

  it('hand the link to the inviter, and stay pending', async () => {
    const me = (await server.asDeveloper('GET', '/api/v1/auth/me')).body;
    const email = address();
    const answer = await invite(` ${email.toUpperCase()}`.trim());
    expect(answer).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        email,
        token: expect.stringMatching(/^[\w-]{64}$/),
        status: 'pending',
        invited_by_id: me.id,
      },
    });
    const { body } = answer;
    expect(body.accept_url).toBe(`${server.url}${PATH}/accept?token=${body.token}`);
    expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(WEEK_MS);
    expect(await find(body.id)).toEqual(body);
  });

  it('are accepted once, by whoever has the token', async () => {
    const { body: invitation } = await invite();
    const answer = await accept(invitation.token);
    expect(answer).toMatchObject({
      status: 201,
      body: { email: invitation.email, first_name: 'Grace', last_name: 'Hopper' },
    });
    expect(await login(invitation.email)).toBe(200);
    expect(await find(invitation.id)).toMatchObject({ status: 'accepted' });
    expect(await accept(invitation.token)).toMatchObject(INVALID);
    expect((await revoke(invitation.id)).status).toBe(409);
    expect((await resend(invitation.id)).status).toBe(409);
  });

  it('are accepted once, also when they are sent twice at once', async () => {
    const { body: invitation } = await invite();
    const answers = await Promise.all([1, 2, 3].map(() => accept(invitation.token)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400, 400]);
  });

  it('are not accepted after they were revoked', async () => {
    const { body: invitation } = await invite();
    expect(await revoke(invitation.id)).toMatchObject({ status: 200, body: { status: 'revoked' } });
    expect(await accept(invitation.token)).toMatchObject(INVALID);
    expect(await login(invitation.email)).toBe(401);
    expect((await revoke(invitation.id)).status).toBe(200);
    expect((await resend(invitation.id)).status).toBe(409);
    expect((await invite(invitation.email)).status).toBe(201);
  });

  it('are over after a week, unless they are renewed', async () => {
    const { body: invitation } = await invite();
    // The token of the inviter would be over by then.
    const { InvitationsService } = await import('../src/access/invitations/invitations.service');
    const invitations = server.app.get(InvitationsService);
    later(WEEK_MS);
    const listed = (await invitations.list('')).find(({ id }) => id === invitation.id);
    expect(listed?.status).toBe('expired');
    expect(await accept(invitation.token)).toMatchObject(INVALID);
    const renewed = await invitations.resend(invitation.id, '');
    expect(renewed).toMatchObject({ id: invitation.id, status: 'pending' });
    expect(await accept(renewed.token)).toMatchObject({ status: 201 });
  });

  it('that are over do not keep anybody from being invited again', async () => {
    const { body: invitation } = await invite();
    const { InvitationsService } = await import('../src/access/invitations/invitations.service');
    const invitations = server.app.get(InvitationsService);
    later(WEEK_MS);
    const again = await invitations.create(invitation.email, invitation.invited_by_id, '');
    expect(again).toMatchObject({ status: 'pending' });
    await expect(invitations.resend(invitation.id, '')).rejects.toThrow('has an open invitation');
  });

  it('end their old link when they are renewed', async () => {
    const { body: invitation } = await invite();
    const renewed = await resend(invitation.id);
    expect(renewed).toMatchObject({ status: 200, body: { id: invitation.id, email: invitation.email } });
    expect(renewed.body.token).not.toBe(invitation.token);
    expect(await accept(invitation.token)).toMatchObject(INVALID);
    expect(await accept(renewed.body.token)).toMatchObject({ status: 201 });
  });

  it('go to nobody twice, and to no developer', async () => {
    const { body: invitation } = await invite();
    expect(await invite(invitation.email)).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^Invitation entity already exists/) },
    });
    expect(await invite(TEST_DEVELOPER.email)).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^Developer entity already exists/) },
    });
    expect(await invite('nobody')).toMatchObject({ status: 400 });
  });

  it.each([
    ['not a token', (_token: string) => 'nothing'],
    ['cut short', (token: string) => token.slice(0, -2)],
    ['changed at its end', (token: string) => token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA')],
    ['of another invitation', (token: string) => 'A'.repeat(22) + token.slice(22)],
  ])('are not accepted by what is %s', async (_what, change) => {
    const { body: invitation } = await invite();
    expect(await accept(change(invitation.token))).toMatchObject(INVALID);
  });

  it('are accepted with a password that is long enough', async () => {
    const { body: invitation } = await invite();
    expect(await accept(invitation.token, { password: 'short' })).toMatchObject({
      status: 400,
      body: { detail: 'password must be at least 8 characters long' },
    });
    expect((await accept(invitation.token, { first_name: null, last_name: undefined })).status).toBe(201);
  });

  it('keep nothing in the database that would accept them', async () => {
    const { body: invitation } = await invite();
    const [row] = await server.sql<{ text: string }>(
      'SELECT i::text AS text FROM invitation i WHERE id = $1',
      [invitation.id],
    );
    const mac = Buffer.from(invitation.token, 'base64url').subarray(16);
    for (const secret of [invitation.token.slice(22), mac.toString('hex')])
      expect(row.text).not.toContain(secret);
  });

  it('have a page of their own, for a browser', async () => {
    const { body: invitation } = await invite();
    const { pathname, search } = new URL(invitation.accept_url);
    const page = await server.request('GET', pathname + search, { key: null });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(page.body).toContain(`name="token" value="${invitation.token}"`);
    const form = {
      key: null,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        token: invitation.token,
        first_name: '<b>',
        password: PASSWORD,
      }).toString(),
    };
    const done = await server.request('POST', pathname, form);
    expect([done.status, done.headers.get('content-type')]).toEqual([201, 'text/html; charset=utf-8']);
    expect(done.body).toContain(invitation.email);
    expect(await login(invitation.email)).toBe(200);
    const again = await server.request('POST', pathname, form);
    expect(again.status).toBe(400);
    expect(again.body).toContain('Invalid or expired invitation');
    const odd = await server.request('GET', `${pathname}?token=%22%3E%3Cscript%3E`, { key: null });
    expect(odd.body).not.toContain('<script>');
  });

  it.each([
    ['DELETE', ''],
    ['POST', '/resend'],
  ])('that are not there answer 404 to %s %s', async (method, more) => {
    expect(await server.asDeveloper(method, `${PATH}/${UNKNOWN}${more}`)).toMatchObject({
      status: 404,
      body: { detail: `Invitation with ID: ${UNKNOWN} not found.` },
    });
  });

  it.each([
    ['GET', ''],
    ['POST', ''],
    ['DELETE', `/${UNKNOWN}`],
    ['POST', `/${UNKNOWN}/resend`],
  ])('are for developers only: %s %s', async (method, more) => {
    expect(await server.request(method, `${PATH}${more}`)).toMatchObject({
      status: 401,
      body: { detail: 'Could not validate credentials' },
    });
  });
});

describe('invitations with a mail server', () => {
  let mail: MailServer;
  let server: TestApp;
  beforeAll(async () => {
    mail = await MailServer.start();
    server = await startApp({
      SMTP_URL: mail.url,
      MAIL_FROM: 'Vitalbase <no-reply@example.com>',
      PORTAL_URL: 'https://portal.example.com/',
    });
  });
  afterAll(async () => {
    await server?.close();
    await mail?.close();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    mail.refusal = null;
  });
  const { invite, find, accept, later } = tools(() => server);

  const inStatus = async (id: string, status: string) => {
    for (let tenth = 0; tenth < 100 && (await find(id)).status !== status; tenth++) await wait(100);
    return find(id);
  };
  const mailedTo = (email: string) => mail.received.filter(({ to }) => to.includes(email));
  const dueOf = async (id: string) => {
    const rows = await server.sql<{ attempts: number; due: Date | null }>(
      'SELECT mail_attempts AS attempts, mail_due_at AS due FROM invitation WHERE id = $1',
      [id],
    );
    return rows[0];
  };
  const tried = async (id: string) => {
    for (let tenth = 0; tenth < 100 && (await dueOf(id)).attempts === 0; tenth++) await wait(100);
  };

  it('are mailed with the link of the portal', async () => {
    const { body: invitation } = await invite();
    expect(invitation.accept_url).toBe(`https://portal.example.com/accept-invite?token=${invitation.token}`);
    expect(await inStatus(invitation.id, 'sent')).toMatchObject({ status: 'sent' });
    const [received, ...more] = mailedTo(invitation.email);
    expect(more).toEqual([]);
    expect(received.from).toBe('no-reply@example.com');
    // A long line is broken for the way.
    expect(received.content.replaceAll('=\r\n', '').replaceAll('=3D', '=')).toContain(invitation.accept_url);
    expect(received.content).not.toContain(TEST_DEVELOPER.email);
    const [job] = await server.sql<{ data: object }>(
      `SELECT data FROM pgboss.job WHERE name = 'invitation-mail'`,
    );
    expect(Object.keys(job.data)).toEqual(['id']);
    expect((await accept(invitation.token)).status).toBe(201);
  });

  it('fail at once for an address that is refused, and can be accepted all the same', async () => {
    mail.refusal = { code: 550, text: 'No such mailbox' };
    const { body: invitation } = await invite();
    expect(await inStatus(invitation.id, 'failed')).toMatchObject({ status: 'failed' });
    expect(await dueOf(invitation.id)).toEqual({ attempts: 1, due: null });
    expect((await accept(invitation.token)).status).toBe(201);
  });

  it('are mailed again after a passing trouble, by whichever process looks first', async () => {
    mail.refusal = { code: 451, text: 'Try again later' };
    const { body: invitation } = await invite();
    await tried(invitation.id);
    expect(await find(invitation.id)).toMatchObject({ status: 'pending' });
    mail.refusal = null;
    later(61_000);
    await server.app.get(InvitationMail).sweep();
    expect(await inStatus(invitation.id, 'sent')).toMatchObject({ status: 'sent' });
    expect(mailedTo(invitation.email)).toHaveLength(1);
  });

  it('fail after five tries', async () => {
    mail.refusal = { code: 451, text: 'Try again later' };
    const { body: invitation } = await invite();
    await tried(invitation.id);
    await server.sql('UPDATE invitation SET mail_attempts = 4, mail_due_at = created_at WHERE id = $1', [
      invitation.id,
    ]);
    await server.app.get(InvitationMail).sweep();
    expect(await inStatus(invitation.id, 'failed')).toMatchObject({ status: 'failed' });
  });
});
