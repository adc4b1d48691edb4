import { mistakesIn, readSettings } from '../../config/settings';
import { UltrahumanSettings } from './ultrahuman.config';
import { ultrahumanDefinition } from './ultrahuman.definition';

const definitionOf = (environment: Record<string, string>) =>
  ultrahumanDefinition(readSettings(UltrahumanSettings, environment));
const mistakes = (environment: Record<string, string>) => mistakesIn(UltrahumanSettings, environment);

describe('UltrahumanSettings', () => {
  it('points at the real vendor by default, and is then only not configured', () => {
    expect(definitionOf({})).toMatchObject({
      credentials: null,
      missingSettings: ['ULTRAHUMAN_CLIENT_ID', 'ULTRAHUMAN_CLIENT_SECRET'],
      oauth: {
        authorizeUrl: 'https://auth.ultrahuman.com/authorise',
        tokenUrl: 'https://partner.ultrahuman.com/api/partners/oauth/token',
        revokeUrl: 'https://partner.ultrahuman.com/api/partners/oauth/revoke',
        scopes: ['ring_data', 'cgm_data', 'profile'],
      },
    });
  });

  it('is configured by its id and secret', () => {
    const environment = { ULTRAHUMAN_CLIENT_ID: 'app', ULTRAHUMAN_CLIENT_SECRET: 'shh' };
    expect(definitionOf({ ...environment, ULTRAHUMAN_DEFAULT_SCOPE: 'ring_data profile' })).toMatchObject({
      missingSettings: [],
      credentials: {
        clientId: 'app',
        clientSecret: 'shh',
        redirectUri: 'http://localhost:8000/api/v1/oauth/ultrahuman/callback',
      },
      oauth: { scopes: ['ring_data', 'profile'] },
    });
  });

  it('takes neither an id nor a secret alone', () => {
    expect(mistakes({ ULTRAHUMAN_CLIENT_ID: 'app' })).toEqual([
      'ULTRAHUMAN_CLIENT_SECRET must be set too, since ULTRAHUMAN_CLIENT_ID is',
    ]);
    expect(mistakes({ ULTRAHUMAN_CLIENT_SECRET: 'shh' })).toEqual([
      'ULTRAHUMAN_CLIENT_ID must be set too, since ULTRAHUMAN_CLIENT_SECRET is',
    ]);
  });

  it.each([
    'http://partner.example.com/x',
    'http://127.0.0.1:4010/x',
    'https://127.0.0.1/x',
    'https://localhost:4010/x',
    'https://sim.localhost/x',
    'https://127.9.8.7/x',
    'https://[::1]:4010/x',
    'https://0.0.0.0/x',
  ])('refuses %s as an endpoint unless a simulator is allowed, and says which', (url) => {
    const environment = { ULTRAHUMAN_TOKEN_URL: url, ULTRAHUMAN_API_BASE_URL: url };
    expect(mistakes(environment).map((mistake) => mistake.split(' ')[0])).toEqual([
      'ULTRAHUMAN_TOKEN_URL',
      'ULTRAHUMAN_API_BASE_URL',
    ]);
    expect(mistakes({ ...environment, ALLOW_SIMULATED_PROVIDER: 'true' })).toEqual([]);
  });

  const simulator = {
    ULTRAHUMAN_AUTHORIZE_URL: 'http://localhost:9000/authorise',
    ULTRAHUMAN_TOKEN_URL: 'http://simulator:9000/api/partners/oauth/token',
    ULTRAHUMAN_API_BASE_URL: 'https://simulator.example.com/api/partners/v1',
  };

  it.each([
    ['a simulator at all of the addresses', simulator, true],
    ['no address', {}, false],
    [
      'the vendor at one of them',
      { ...simulator, ULTRAHUMAN_API_BASE_URL: 'https://partner.ultrahuman.com/v1' },
      false,
    ],
    [
      'the vendor elsewhere',
      { ...simulator, ULTRAHUMAN_TOKEN_URL: 'https://eu.Ultrahuman.com/token' },
      false,
    ],
  ])('with a simulator allowed and %s: has one, or not', (_, addresses, has) => {
    const environment = { ...addresses, ALLOW_SIMULATED_PROVIDER: 'true' };
    expect(readSettings(UltrahumanSettings, environment).hasSimulator).toBe(has);
  });

  it('takes the budget from its settings', () => {
    expect(definitionOf({}).limits).toMatchObject({ requestsPerSecond: 10, concurrentPerUser: 2 });
    const lifted = { ULTRAHUMAN_REQUESTS_PER_SECOND: '10000', ULTRAHUMAN_CONCURRENT_PER_USER: '16' };
    expect(definitionOf(lifted).limits).toMatchObject({ requestsPerSecond: 10_000, concurrentPerUser: 16 });
    expect(definitionOf({ ULTRAHUMAN_REQUESTS_PER_SECOND: '0.5' }).limits.requestsPerSecond).toBe(0.5);
  });

  it.each(['0', '-1', '10001', 'fast'])('refuses %s requests a second', (rate) => {
    expect(new Set(mistakes({ ULTRAHUMAN_REQUESTS_PER_SECOND: rate }))).toEqual(
      new Set(['ULTRAHUMAN_REQUESTS_PER_SECOND must be a number from 0.01 to 10000']),
    );
  });

  it.each(['0', '1.5', '17', 'two'])('refuses %s calls at once', (count) => {
    expect(new Set(mistakes({ ULTRAHUMAN_CONCURRENT_PER_USER: count }))).toEqual(
      new Set(['ULTRAHUMAN_CONCURRENT_PER_USER must be a whole number from 1 to 16']),
    );
  });

  it('names what is no URL and no scope', () => {
    const found = mistakes({ ULTRAHUMAN_AUTHORIZE_URL: 'auth', ULTRAHUMAN_DEFAULT_SCOPE: 'a,  b' });
    expect(found).toEqual([
      expect.stringMatching(/^ULTRAHUMAN_DEFAULT_SCOPE must be/),
      expect.stringMatching(/^ULTRAHUMAN_AUTHORIZE_URL must be a URL/),
    ]);
  });
});
