import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { deleteEmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres';
import { installJobQueue } from '../../src/database/job-queue';

declare global {
  var stopTestServer: (() => Promise<void>) | undefined;
}

/** A throw-away PostgreSQL for the whole run, with one migrated database that each test file copies. */
export default async function globalSetup(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'vitalbase-test-'));
  // As root the server runs as another user, who must be able to enter.
  await chmod(directory, 0o755);
  const options = { directory, log: () => {}, durable: false, maxConnections: 300 };
  const postgres = await startEmbeddedPostgres(options);

  const client = new Client(postgres.url);
  await client.connect();
  await client.query('CREATE DATABASE test_template');
  await client.end();
  const template = new DataSource(dataSourceOptions(databaseUrl(postgres.url, 'test_template')));
  await template.initialize();
  await template.runMigrations();
  await template.destroy();
  await installJobQueue(databaseUrl(postgres.url, 'test_template'));

  process.env.TEST_SERVER_URL = databaseUrl(postgres.url, 'postgres');
  globalThis.stopTestServer = async () => {
    await postgres.stop();
    await deleteEmbeddedPostgres(options);
  };
}

const databaseUrl = (server: string, name: string) =>
  Object.assign(new URL(server), { pathname: `/${name}` }).href;
