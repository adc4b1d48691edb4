import assert from 'node:assert/strict';
import { Strategy } from 'passport';
import { Clock } from '../src/database/clock';
import { OAuthPassport } from '../src/oauth/oauth-passport';
import { OAuthFlow, REDIRECT_URI, backWith, endOf } from './support/oauth-flow';
import type { VendorAnswer } from './support/scripted-vendor';

const unknownState = { status: 400, body: { detail: 'Invalid or expired state parameter' } };
const html = { contentType: 'text/html' };

const hangUpHalfWay: VendorAnswer = (_request, response) => {
  response.writeHead(200, { 'content-length': '900' }).write('{"access', () => response.socket?.destroy());
};

/** A clear end for each, nothing half-created, and never a new authorization by accident. */
describe('an OAuth flow that fails', () => {
  let flow: OAuthFlow;
  let userId: string;
  beforeAll(async () => {
    flow = await OAuthFlow.start();
  });
  afterAll(() => flow?.close());
  beforeEach(async () => {
    await flow.reset();
    userId = await flow.createUser();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    assert.deepEqual(flow.vendor.requestsTo('/authorize'), []);
    assert.deepEqual(await flow.rowsOf(userId), []);
  });

  const callbackAfterConsent = async () =>
    flow.callback({ state: await flow.begin(userId, REDIRECT_URI), code: 'a-code' });

  it.each([
    [
      'consent was denied',
      { error: 'access_denied', error_description: 'The user said no' },
      'access_denied',
    ],
    ['the vendor knows no such scope', { error: 'invalid_scope' }, 'invalid_scope'],
    ['the vendor says a word of its own', { error: 'consent_expired"\n' }, 'server_error'],
    ['there is an error and a code', { error: 'access_denied', code: 'a-code' }, 'access_denied'],
    ['there is neither code nor error', {}, 'invalid_request'],
    ['the code is empty', { code: '' }, 'invalid_request'],
  ])('goes back to the app when %s', async (_name, query, error) => {
    const state = await flow.begin(userId, REDIRECT_URI);
    expect(endOf(await flow.callback({ state, ...query }))).toEqual(backWith(error));
    expect(flow.vendor.requests).toEqual([]);
  });

  it.each<[string, VendorAnswer, string]>([
    ['refuses the code', { status: 400, body: { error: 'invalid_grant' } }, 'server_error'],
    ['refuses our client', { status: 401, body: { error: 'invalid_client' } }, 'temporarily_unavailable'],
    ['fails', { status: 500, body: 'oops', contentType: 'text/plain' }, 'temporarily_unavailable'],
    ['is busy', { status: 429, body: {} }, 'temporarily_unavailable'],
    ['answers in HTML', { status: 200, body: 'access_token=x&<html>', ...html }, 'temporarily_unavailable'],
    ['sends no token', { status: 200, body: { token_type: 'Bearer' } }, 'temporarily_unavailable'],
    ['redirects', { status: 302, body: { access_token: 'x' } }, 'temporarily_unavailable'],
    ['hangs up', (_request, response) => void response.socket?.destroy(), 'temporarily_unavailable'],
    ['hangs up half-way', hangUpHalfWay, 'temporarily_unavailable'],
  ])('goes back to the app when the token endpoint %s', async (_name, vendorAnswer, error) => {
    flow.vendor.answer('/token', vendorAnswer);
    expect(endOf(await callbackAfterConsent())).toEqual(backWith(error));
    expect(flow.vendor.requests.map(({ path }) => path)).toEqual(['/token']);
  });

  it('does not wait for ever for a token endpoint that hangs', async () => {
    flow.vendor.answer('/token', () => {});
    const signalAfter = AbortSignal.timeout.bind(AbortSignal);
    const timeouts: number[] = [];
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      timeouts.push(ms);
      return signalAfter(ms / 100);
    });
    expect(endOf(await callbackAfterConsent())).toEqual(backWith('temporarily_unavailable'));
    expect(timeouts).toEqual([20_000]);
  });

  it.each<[string, VendorAnswer, string]>([
    ['fails', { status: 503, body: {} }, 'temporarily_unavailable'],
    ['is forbidden', { status: 403, body: {} }, 'access_denied'],
    ['does not take the new token', { status: 401, body: {} }, 'temporarily_unavailable'],
    ['brings what nobody understands', { status: 200, body: '<html>', ...html }, 'server_error'],
    ['hangs', () => {}, 'temporarily_unavailable'],
  ])('goes back to the app when the call for the account %s', async (_name, vendorAnswer, error) => {
    flow.vendor.answer('/account', vendorAnswer);
    expect(endOf(await callbackAfterConsent())).toEqual(backWith(error));
  });

  it('ends on our own page where the app gave no redirect_uri', async () => {
    const state = await flow.begin(userId);
    const answer = await flow.callback({ state, error: 'access_denied', error_description: 'No, "thanks"' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const location = new URL(answer.headers.get('location')!, flow.server.url);
    expect(location.pathname).toBe('/api/v1/oauth/error');
    expect(location.searchParams.get('message')).toBe('access_denied: No,  thanks ');
  });

  it.each([
    [{ error: 'access_denied', error_description: 'No' }, 'access_denied: No'],
    [{ error: 'access_denied' }, 'access_denied: Unknown error'],
    [{ code: 'a-code' }, 'Missing OAuth parameters'],
    [{}, 'Missing OAuth parameters'],
  ])('ends on our own page without a state: %j', async (query, message) => {
    const answer = await flow.callback(query);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(
      `/api/v1/oauth/error?${new URLSearchParams({ message }).toString()}`,
    );
    expect(flow.vendor.requests).toEqual([]);
  });

  it('creates nothing for a user who was deleted meanwhile', async () => {
    const state = await flow.begin(userId, REDIRECT_URI);
    await flow.server.sql('DELETE FROM app_user WHERE id = $1', [userId]);
    expect(endOf(await flow.callback({ state, code: 'a-code' }))).toEqual(backWith('server_error'));
  });

  it('creates nothing when the database fails while it writes', async () => {
    await flow.server.sql(
      `ALTER TABLE credential ADD CONSTRAINT no_credential CHECK (user_id <> '${userId}')`,
    );
    try {
      expect(endOf(await callbackAfterConsent())).toEqual(backWith('server_error'));
    } finally {
      await flow.server.sql('ALTER TABLE credential DROP CONSTRAINT no_credential');
    }
  });

  it('does not follow a strategy that wants to begin anew at the callback', async () => {
    class RedirectingStrategy extends Strategy {
      override authenticate(): void {
        this.redirect(`${flow.vendor.url}/authorize?again`);
      }
    }
    const eager = await flow.secondServer();
    try {
      eager.app.get(OAuthPassport).use('scripted', new RedirectingStrategy());
      const state = await flow.begin(userId, REDIRECT_URI);
      const path = `/api/v1/oauth/scripted/callback?state=${state}&code=a-code`;
      const answer = await eager.request('GET', path, { key: null });
      expect(endOf(answer)).toEqual(backWith('temporarily_unavailable'));
    } finally {
      await eager.close();
    }
  });

  describe('because of its state', () => {
    it.each([{ code: 'a-code' }, { error: 'access_denied' }, {}])(
      'which nobody gave out, with %j',
      async (query) => {
        expect(await flow.callback({ state: 'A'.repeat(43), ...query })).toMatchObject(unknownState);
        expect(flow.vendor.requests).toEqual([]);
      },
    );

    it.each([{ code: 'a-code' }, { error: 'access_denied' }, {}])(
      'which was used, with %j',
      async (query) => {
        flow.vendor.answer('/token', { status: 503, body: {} });
        const state = await flow.begin(userId, REDIRECT_URI);
        await flow.callback({ state, ...query });
        flow.vendor.forget();
        expect(await flow.callback({ state, code: 'b-code' })).toMatchObject(unknownState);
        expect(flow.vendor.requests).toEqual([]);
      },
    );

    it('which is older than 15 minutes', async () => {
      const state = await flow.begin(userId, REDIRECT_URI);
      const later = new Date(Date.now() + 15 * 60_000 + 1_000);
      jest.spyOn(flow.server.app.get(Clock), 'now').mockReturnValue(later);
      expect(await flow.callback({ state, code: 'a-code' })).toMatchObject(unknownState);
    });

    it("which is another provider's, and is used up", async () => {
      const state = await flow.begin(userId, REDIRECT_URI, 'strict');
      const mismatch = { status: 400, body: { detail: 'Provider mismatch in state' } };
      expect(await flow.callback({ state, code: 'a-code' })).toMatchObject(mismatch);
      expect(await flow.callback({ state, code: 'a-code' }, 'strict')).toMatchObject(unknownState);
      expect(flow.vendor.requests).toEqual([]);
    });

    it('which is given twice and so counts as none', async () => {
      const state = await flow.begin(userId, REDIRECT_URI);
      const path = `/api/v1/oauth/scripted/callback?state=${state}&state=${state}&code=x`;
      const answer = await flow.server.request('GET', path, { key: null });
      expect(answer.headers.get('location')).toContain('Missing+OAuth+parameters');
    });
  });
});
