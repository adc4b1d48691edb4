import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { createDatabase } from '../setup/database';
import { send, type Asked } from './send';

/** What a server needs to start, with keys that are only ever used in tests. */
export const TEST_ENVIRONMENT: Record<string, string> = {
  VITALBASE_ENV: 'test',
  HOST: '127.0.0.1',
  PORT: '0',
  ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
  API_KEY_PEPPER: Buffer.alloc(32, 9).toString('base64'),
  ALLOW_SIMULATED_PROVIDER: 'true',
  JOURNAL_DIR: join(tmpdir(), 'vitalbase-test-journal'),
  LOG_LEVEL: 'silent',
  // Tests ask faster than any client.
  RATE_LIMIT_PER_CREDENTIAL: '0',
  RATE_LIMIT_PER_ADDRESS: '0',
};

/** Whom `asDeveloper` signs in. */
export const TEST_DEVELOPER = { email: 'developer@example.com', password: 'a password for tests' };

export interface TestApp extends Asked {
  app: NestFastifyApplication;
  databaseUrl: string;
  /** With every scope. */
  apiKey: string;
  /** As a developer who is signed in, for what no API key may do. */
  asDeveloper: Asked['request'];
  /** Straight to this server's database. */
  sql<Row = Record<string, unknown>>(query: string, parameters?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** The whole server on a database of its own, listening on a free port, or on one that must be known before. */
export async function startApp(
  environment: Record<string, string> = {},
  { providers = [] as Type[], configure = async (_app: NestFastifyApplication) => {}, port = 0 } = {},
): Promise<TestApp> {
  const databaseUrl = environment.DATABASE_URL ?? (await createDatabase());
  Object.assign(process.env, TEST_ENVIRONMENT, environment, { DATABASE_URL: databaseUrl });
  const { createApp } = await import('../../src/create-app');
  const app = await createApp(providers);
  try {
    await configure(app);
    await app.listen(port, '127.0.0.1');
    const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    const apiKey = await createKey(app, environment.VITALBASE_ENV);
    // Only for those who ask, since a password takes its time.
    let developerToken: Promise<string> | undefined;
    return {
      app,
      url,
      databaseUrl,
      apiKey,
      request: (method, path, { key = apiKey, ...options } = {}) =>
        send(`${url}${path}`, method, { key, ...options }),
      asDeveloper: async (method, path, { headers, ...options } = {}) => {
        developerToken ??= signIn(app, url);
        return send(`${url}${path}`, method, {
          key: null,
          headers: { authorization: `Bearer ${await developerToken}`, ...headers },
          ...options,
        });
      },
      sql: (query, parameters) => app.get(DataSource).query(query, parameters),
      close: () => app.close(),
    };
  } catch (error) {
    // A half-open app would keep jest alive for ever.
    await app.close();
    throw error;
  }
}

/** As any client does, with an account that is there already if the database was used before. */
async function signIn(app: NestFastifyApplication, url: string): Promise<string> {
  const { DevelopersService } = await import('../../src/access/developers/developers.service');
  const developers = app.get(DevelopersService);
  const { email, password } = TEST_DEVELOPER;
  if (!(await developers.findByPassword(email, password))) await developers.create({ email, password });
  const answer = await send(`${url}/api/v1/auth/login`, 'POST', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ username: email, password }).toString(),
  });
  return answer.body.access_token;
}

async function createKey(app: NestFastifyApplication, environment = TEST_ENVIRONMENT.VITALBASE_ENV) {
  const { ApiKeysService } = await import('../../src/access/api-keys.service');
  const { SCOPES } = await import('../../src/access/scope');
  const { key } = await app
    .get(ApiKeysService)
    .create({ name: 'tests', scopes: SCOPES, environment: environment === 'live' ? 'live' : 'test' });
  return key;
}
