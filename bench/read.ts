import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import autocannon from 'autocannon';
import type { Pool } from 'pg';

export interface Throughput {
  requestsPerSecond: number;
  p50: number;
  p99: number;
  bytes: number;
}

interface Row {
  at: Date;
  zone_offset: string;
  value: number;
}

/** One item of the real route's answer. */
export interface Item {
  timestamp: string;
  zone_offset: string;
  value: number;
  source: object;
}

export interface RowRoute {
  /** Gives the route the items that the real one answers with. */
  fill(items: Item[]): Promise<void>;
}

/**
 * What the contract's items cost in the usual way: one row per sample read through the driver, one object each,
 * `JSON.stringify`. Served at `/bench/rows` by the same process and the same framework as the real route.
 */
export function addRowRoute(app: NestFastifyApplication, pool: Pool): RowRoute {
  let source: object = {};
  app
    .getHttpAdapter()
    .getInstance()
    .get('/bench/rows', async (_request, reply) => {
      const { rows } = await pool.query<Row>(
        `SELECT at, zone_offset, value FROM bench_rows WHERE user_id = 1 AND code = 'heart_rate' ORDER BY at LIMIT 10000`,
      );
      const data = rows.map(({ at, zone_offset, value }) => ({
        timestamp: at,
        zone_offset,
        type: 'heart_rate',
        value,
        unit: 'bpm',
        source,
        is_daily_total: null,
      }));
      return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify({ data }));
    });
  return {
    fill: async (items) => {
      source = items[0].source;
      await pool.query(
        `CREATE TABLE bench_rows (
           user_id int4, code text, at timestamptz, zone_offset text, value float8, PRIMARY KEY (user_id, code, at))`,
      );
      await pool.query(
        `INSERT INTO bench_rows
         SELECT 1, 'heart_rate', * FROM unnest($1::timestamptz[], $2::text[], $3::float8[])`,
        [items.map((it) => it.timestamp), items.map((it) => it.zone_offset), items.map((it) => it.value)],
      );
      await pool.query('ANALYZE bench_rows');
    },
  };
}

/** Eight clients for a few seconds. @throws Error when any answer is not a 200 */
export async function load(url: string, key: string, seconds: number): Promise<Throughput> {
  const result = await autocannon({
    url,
    connections: 8,
    duration: seconds,
    // In a thread of its own: the clients must not share the event loop with the server they measure.
    workers: 1,
    headers: { 'x-api-key': key },
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} bad answers, ${result.errors} errors`);
  return {
    requestsPerSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    bytes: Math.round(result.throughput.total / result.requests.total),
  };
}
