import { Client } from 'pg';

/**
 * Works in one process of all: it holds an advisory lock, which PostgreSQL lets go of when the process dies.
 * @param work is not called where another process holds the lock; its signal tells that the lock is lost
 */
export async function workAlone(
  { url, name, lock }: { url: string; name: string; lock: number },
  work: (lost: AbortSignal) => Promise<void>,
): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: `vitalbase ${name} lock`,
    keepAlive: true,
  });
  const lost = new AbortController();
  // Without a listener, pg's `error` event would end the process.
  client.on('error', () => lost.abort());
  await client.connect();
  try {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS held', [lock]);
    if (rows[0].held) await work(lost.signal);
  } finally {
    await client.end().catch(() => undefined);
  }
}
