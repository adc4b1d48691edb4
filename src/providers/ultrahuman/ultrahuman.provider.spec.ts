import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Logger } from '@nestjs/common';
import { listen } from '../../../test/support/listen';
import { accessBy } from '../../../test/support/scripted-provider';
import { openVendorHttp, type VendorHttp } from '../../../test/support/vendor-http';
import { readSettings } from '../../config/settings';
import {
  ProviderForbidden,
  ProviderPayloadInvalid,
  ProviderRateLimited,
  ProviderUnauthorized,
  ProviderUnavailable,
} from '../provider-errors';
import { UltrahumanClient } from './ultrahuman.client';
import { UltrahumanSettings } from './ultrahuman.config';
import { UltrahumanProvider } from './ultrahuman.provider';

type Reply = [status: number, body?: string, headers?: Record<string, string>];

let server: Server;
let provider: UltrahumanProvider;
let replies: Record<string, Reply>;
let requests: IncomingMessage[];
let gateway: VendorHttp;

beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'log').mockImplementation();
  gateway = await openVendorHttp();
  server = createServer((request, response) => {
    requests.push(request);
    const [status, body = '', headers = {}] = replies[request.url!] ?? [500];
    response.writeHead(status, headers).end(body);
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  const settings = readSettings(UltrahumanSettings, {
    ALLOW_SIMULATED_PROVIDER: 'true',
    ULTRAHUMAN_TOKEN_URL: `${url}/oauth/token`,
    ULTRAHUMAN_API_BASE_URL: `${url}/v1`,
  });
  provider = new UltrahumanProvider(new UltrahumanClient(gateway.http, settings), gateway.http, settings);
});

afterAll(async () => {
  await gateway.close();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(async () => {
  await gateway.reset();
  requests = [];
  replies = {};
});

const account = accessBy('the-token');
const fetchDay = (date = '2026-03-07') => provider.fetch(account, { from: date, to: date });

describe('fetch', () => {
  it('asks for every date once, over a month end, and hands over what came', async () => {
    replies['/v1/user_data/metrics?date=2026-02-28'] = [200, 'the first, unread'];
    replies['/v1/user_data/metrics?date=2026-03-01'] = [404, '{"status":404,"error":"Not Found"}'];
    const answers = await provider.fetch(account, { from: '2026-02-28', to: '2026-03-01' });
    expect(answers.map(({ date, status, body }) => [date, status, body.toString()])).toEqual([
      ['2026-02-28', 200, 'the first, unread'],
      ['2026-03-01', 404, '{"status":404,"error":"Not Found"}'],
    ]);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill('Bearer the-token'));
  });

  it.each([
    [401, ProviderUnauthorized],
    [403, ProviderForbidden],
    [429, ProviderRateLimited],
    [500, ProviderUnavailable],
  ])('throws for %i', async (status, error) => {
    replies['/v1/user_data/metrics?date=2026-03-07'] = [status];
    await expect(fetchDay()).rejects.toBeInstanceOf(error);
  });
});

describe('fetchAccount', () => {
  const TOKEN_INFO = '/oauth/token/info';
  const USER_INFO = '/v1/user_data/user_info';

  it('takes the id from the token and the rest from the profile', async () => {
    replies[TOKEN_INFO] = [200, '{"resource_owner_id":4711,"scope":["ring_data","profile"]}'];
    replies[USER_INFO] = [200, '{"data":{"first_name":"Ada","last_name":"L","timezone":"Asia/Kolkata"}}'];
    await expect(provider.fetchAccount(account)).resolves.toEqual({
      id: '4711',
      name: 'Ada L',
      timeZone: 'Asia/Kolkata',
      scope: 'ring_data profile',
    });
  });

  it.each<[string, Reply]>([
    ['is refused', [403]],
    ['is HTML', [200, '<html>']],
    ['knows nothing', [200, '{"user":{"timezone":"+05:30"}}']],
  ])('does without a profile that %s', async (_what, reply) => {
    replies[TOKEN_INFO] = [200, '{"resource_owner_id":4712,"scope":"ring_data"}'];
    replies[USER_INFO] = reply;
    await expect(provider.fetchAccount(account)).resolves.toEqual({
      id: '4712',
      name: null,
      timeZone: null,
      scope: 'ring_data',
    });
  });

  it('cannot do without an id', async () => {
    replies[TOKEN_INFO] = [200, '{"scope":"ring_data"}'];
    replies[USER_INFO] = [200, '{}'];
    await expect(provider.fetchAccount(account)).rejects.toBeInstanceOf(ProviderPayloadInvalid);
  });

  it('throws what the token route throws', async () => {
    replies[TOKEN_INFO] = [401];
    await expect(provider.fetchAccount(account)).rejects.toBeInstanceOf(ProviderUnauthorized);
  });
});
