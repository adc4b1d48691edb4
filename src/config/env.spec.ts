import 'reflect-metadata';
import { mistakesIn } from './settings';
import { durationMs, ServerSettings } from './env';

const key = Buffer.alloc(32, 3).toString('base64');
const good = {
  DATABASE_URL: 'postgresql://vitalbase@localhost/vitalbase',
  ENCRYPTION_KEYS: `2026:${key}`,
  API_KEY_PEPPER: key,
};

describe(ServerSettings.name, () => {
  it('accepts the least that a server needs', () => {
    expect(mistakesIn(ServerSettings, good)).toEqual([]);
  });

  it('lists every mistake at once, also those that span variables', () => {
    const mistakes = mistakesIn(ServerSettings, {
      PORT: 'eighty',
      SYNC_INTERVAL: '1 day',
      API_KEY_PEPPER: 'short',
    });
    for (const name of ['PORT', 'SYNC_INTERVAL', 'API_KEY_PEPPER', 'ENCRYPTION_KEYS', 'DATABASE_URL'])
      expect(mistakes.join('\n')).toContain(name);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(mistakesIn(ServerSettings, { ...good, DATABASE_URL: '' })).toEqual([
      expect.stringContaining('DATABASE_URL must be set'),
    ]);
  });

  it.each(['10.0.0.2', '172.16.0.0/12', '::1', 'fd00::/8', 'loopback, uniquelocal', ''])(
    'trusts the proxies %j',
    (networks) => {
      expect(mistakesIn(ServerSettings, { ...good, TRUSTED_PROXIES: networks })).toEqual([]);
    },
  );

  it.each([
    '*',
    'proxy',
    '10.0.0',
    '10.0.0.1/33',
    '10.0.0.0/0',
    '10.0.0.1/',
    'fd00::/129',
    'loopback;10.0.0.1',
  ])('refuses %s as a proxy', (network) => {
    expect(mistakesIn(ServerSettings, { ...good, TRUSTED_PROXIES: network })).toEqual([
      expect.stringContaining('TRUSTED_PROXIES must list addresses or networks'),
    ]);
  });

  it('lets sign-ins be started without a credential only from origins that are listed', () => {
    const open = { ...good, OAUTH_PUBLIC_AUTHORIZE: 'yes' };
    expect(mistakesIn(ServerSettings, open)).toEqual([expect.stringContaining('OAUTH_REDIRECT_ORIGINS')]);
    const listed = { ...open, OAUTH_REDIRECT_ORIGINS: 'https://app.example.com' };
    expect(mistakesIn(ServerSettings, listed)).toEqual([]);
  });

  it.each(['https://app.example.com/path', 'http://app.example.com', 'https://user@app.example.com', 'app'])(
    'refuses %s as an origin',
    (origin) => {
      expect(mistakesIn(ServerSettings, { ...good, OAUTH_REDIRECT_ORIGINS: origin })).toEqual([
        expect.stringContaining('OAUTH_REDIRECT_ORIGINS'),
      ]);
    },
  );
});

describe(durationMs.name, () => {
  it('reads every unit', () => {
    expect(['250ms', '30s', '15m', '2h'].map(durationMs)).toEqual([250, 30_000, 900_000, 7_200_000]);
  });
});
