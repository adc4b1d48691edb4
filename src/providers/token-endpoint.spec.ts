import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { Logger } from '@nestjs/common';
import { listen } from '../../test/support/listen';
import { openVendorHttp, type VendorHttp } from '../../test/support/vendor-http';
import type { ProviderDefinition } from './provider';
import {
  ProviderAnswerLost,
  ProviderClientRefused,
  ProviderGrantRefused,
  ProviderRateLimited,
  ProviderUnavailable,
} from './provider-errors';
import { parseTokenAnswer, TokenEndpoint } from './token-endpoint';

let server: Server;
let tokenUrl: string;
let answer: { status: number; headers?: Record<string, string>; body: string };
let received: { path: string; authorization?: string; form: URLSearchParams };
let gateway: VendorHttp;
let endpoint: TokenEndpoint;

beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'log').mockImplementation();
  gateway = await openVendorHttp();
  endpoint = new TokenEndpoint(gateway.http);
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received = {
        path: request.url!,
        authorization: request.headers.authorization,
        form: new URLSearchParams(body),
      };
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  tokenUrl = `http://127.0.0.1:${await listen(server)}/token`;
});

afterAll(async () => {
  await gateway.close();
  await new Promise((resolve) => server.close(resolve));
});

const TOKENS = {
  access_token: 'new-access',
  token_type: 'Bearer',
  expires_in: 86399,
  refresh_token: 'new-refresh',
  scope: 'a b',
};

function definition(clientAuthentication: 'body' | 'basic' = 'body'): ProviderDefinition {
  return {
    slug: 'oak',
    name: 'Oak',
    iconSvg: '<svg/>',
    devices: [{ model: 'oak_one', type: 'band', name: 'Oak One' }],
    oauth: {
      authorizeUrl: tokenUrl,
      tokenUrl,
      revokeUrl: tokenUrl.replace('/token', '/revoke'),
      scopes: ['a', 'b'],
      scopeSeparator: ' ',
      pkce: false,
      clientAuthentication,
    },
    credentials: { clientId: 'id', clientSecret: 's&cr:t', redirectUri: 'https://example.com/back' },
    missingSettings: [],
    limits: {
      maxDaysPerFetch: 1,
      requestsPerSecond: 10,
      concurrentPerUser: 1,
      rateLimitScope: 'user',
      historyDays: null,
    },
    normalizerVersion: 1,
    listKeys: ['type', 'timestamp'],
    offers: { series: [], daily: [], sleepFields: [], scores: [], workouts: false },
  };
}

describe('TokenEndpoint', () => {
  it('exchanges a refresh token, with the client in the body', async () => {
    answer = { status: 200, body: JSON.stringify(TOKENS) };
    await expect(endpoint.refresh(definition(), 'old-refresh', randomUUID())).resolves.toEqual({
      accessToken: 'new-access',
      refreshToken: 'new-refresh',
      expiresInSeconds: 86399,
      scope: 'a b',
    });
    expect(Object.fromEntries(received.form)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'old-refresh',
      client_id: 'id',
      client_secret: 's&cr:t',
    });
    expect(received.authorization).toBeUndefined();
  });

  it('or with the client in the header, its parts encoded', async () => {
    answer = { status: 200, body: JSON.stringify(TOKENS) };
    await endpoint.refresh(definition('basic'), 'old-refresh', randomUUID());
    expect(received.authorization).toBe(`Basic ${Buffer.from('id:s%26cr%3At').toString('base64')}`);
    expect(received.form.has('client_secret')).toBe(false);
  });

  it.each([
    ['invalid_grant', 400, '{"error":"invalid_grant"}', ProviderGrantRefused],
    ['invalid_grant behind a failing gateway', 502, '{"error":"invalid_grant"}', ProviderUnavailable],
    ['a client that is not known', 401, '{"error":"invalid_client"}', ProviderClientRefused],
    ['400 without an OAuth error', 400, '{"message":"no"}', ProviderUnavailable],
    ['400 with a token', 400, JSON.stringify(TOKENS), ProviderUnavailable],
    ['HTML with 200', 200, '<html>down</html>', ProviderAnswerLost],
    ['JSON that breaks off', 200, '{"access_token": "acc', ProviderAnswerLost],
    ['201 without a token', 201, '{}', ProviderAnswerLost],
    ['an error with 200', 200, '{"error":"server_error"}', ProviderUnavailable],
    ['a server error', 500, '', ProviderUnavailable],
    ['too many requests', 429, '', ProviderRateLimited],
    ['a redirect', 302, '', ProviderUnavailable],
  ])('%s', async (_what, status, body, error) => {
    answer = { status, body };
    const refused: unknown = await endpoint
      .refresh(definition(), 'old-refresh', randomUUID())
      .catch((e) => e);
    // Of this very class: a lost answer is tried again at once, and any other later.
    expect(refused).toHaveProperty('constructor', error);
  });

  it('asks for the end of a token, with the client as at the token endpoint', async () => {
    answer = { status: 200, body: '' };
    await endpoint.revoke(definition('basic'), { token: 'old-refresh', type: 'refresh_token' });
    expect(received.path).toBe('/revoke');
    expect(received.authorization).toMatch(/^Basic /);
    expect(Object.fromEntries(received.form)).toEqual({
      token: 'old-refresh',
      token_type_hint: 'refresh_token',
    });

    answer = { status: 503, body: '' };
    const refused = endpoint.revoke(definition(), { token: 'old-refresh', type: 'refresh_token' });
    await expect(refused).rejects.toBeInstanceOf(ProviderUnavailable);
  });

  it('names the settings of a provider that is not configured', async () => {
    const missing = { ...definition(), credentials: null, missingSettings: ['OAK_ID', 'OAK_SECRET'] };
    await expect(endpoint.refresh(missing, 'old-refresh', randomUUID())).rejects.toThrow(
      'oak is not configured: set OAK_ID and OAK_SECRET',
    );
  });
});

describe('parseTokenAnswer', () => {
  it('takes a lifetime in quotes, and leaves out what makes no sense', () => {
    expect(parseTokenAnswer({ access_token: 'x', expires_in: '3600' }).expiresInSeconds).toBe(3600);
    expect(parseTokenAnswer({ access_token: 'x', expires_in: 'soon', refresh_token: '', scope: 7 })).toEqual({
      accessToken: 'x',
      refreshToken: null,
      expiresInSeconds: null,
      scope: null,
    });
  });

  it('does not repeat an error that is no code', () => {
    expect(() => parseTokenAnswer({ error: 'token secret-token is bad' })).toThrow(
      'The token endpoint answered an unknown error',
    );
  });

  it.each([null, [], 'text', {}, { access_token: '' }, { access_token: 5 }])('refuses %j', (body) => {
    expect(() => parseTokenAnswer(body)).toThrow(ProviderAnswerLost);
  });
});
