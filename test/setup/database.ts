import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** A database of one's own, copied from the migrated template. @returns its URL */
export async function createDatabase(): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const client = new Client(process.env.TEST_SERVER_URL);
  await client.connect();
  await client.query(`CREATE DATABASE ${name} TEMPLATE test_template`);
  await client.end();
  return Object.assign(new URL(process.env.TEST_SERVER_URL!), { pathname: `/${name}` }).href;
}
