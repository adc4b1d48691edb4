import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { ApiKeysService } from '../src/access/api-keys.service';
import { SCOPES } from '../src/access/scope';
import { createApp } from '../src/create-app';
import { deleteEmbeddedPostgres, startEmbeddedPostgres } from '../src/database/embedded-postgres';
import { ProviderRegistry } from '../src/providers/provider.registry';
import { SyncCron } from '../src/sync/sync.cron';
import { freshJob, ingest, rowsOf } from './ingest';
import { measurePages } from './pages';
import { addRowRoute, load, type Item, type RowRoute, type Throughput } from './read';
import { RowBaselines } from './row-baselines';
import { measureStreams } from './stream';
import { seeded, vendorMonth } from './vendor-month';

const HELP = `npm run bench [-- [ingest] [read] [pages] [stream] [start] [--rounds N] [--seconds N]]

Measures all of these or those that are named, on an embedded PostgreSQL with fsync on, the first three as ratios within
this run:
  ingest   30 days at +05:30 against binary COPY and against one INSERT a commit
  read     30 days of raw heart rate over HTTP against a row-per-sample route
  pages    of a year of five-minute data in five series, beside 999 other users: pages against each other and against
           the smallest route that asks for a key
  stream   2,000 open streams of sync events in one process: from the commit of an event to its arrival
  start    process start to listening, with the database already there

  --rounds N    repeats of every ingest measurement, the median counts (default 25)
  --seconds N   length of each measurement of reading and of streams (default 4)`;

const PARTS = ['ingest', 'read', 'pages', 'stream', 'start'];
const USERS = 1_000;
const STREAMS = 2_000;

/** A server that has been running for a while is measured: everything compiled, every statement prepared. */
const WARM_UP_ROUNDS = 15;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '25' },
      seconds: { type: 'string', default: '4' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !positionals.every((part) => PARTS.includes(part))) return console.log(HELP);
  const parts = new Set(positionals.length > 0 ? positionals : PARTS);
  const directory = await mkdtemp(join(tmpdir(), 'vitalbase-bench-'));
  // As root the server runs as another user, who must be able to enter.
  await chmod(directory, 0o755);
  const options = { directory, log: console.error };
  const postgres = await startEmbeddedPostgres(options);
  try {
    Object.assign(process.env, environment(postgres.url));
    const app = await createApp();
    const pool = new Pool({ connectionString: postgres.url, max: 12 });
    const rowRoute = addRowRoute(app, pool);
    await app.listen(0, '127.0.0.1');
    // The bench claims by itself, and no vendor may be called.
    await app.get(SyncCron).beforeApplicationShutdown();
    // What is read is what was ingested.
    if (parts.has('ingest') || parts.has('read')) await benchIngest(app, postgres.url, Number(values.rounds));
    if (parts.has('read')) await benchRead(app, rowRoute, Number(values.seconds));
    if (parts.has('pages')) await benchPages(app);
    if (parts.has('stream')) await benchStream(app, Number(values.seconds));
    await app.close();
    await pool.end();
    if (parts.has('start')) await benchStart();
  } catch (error) {
    // Told before the database goes, which breaks every connection that is still open.
    console.error(error);
    process.exitCode = 1;
  } finally {
    await postgres.stop();
    await deleteEmbeddedPostgres(options);
  }
}

const environment = (databaseUrl: string): Record<string, string> => ({
  VITALBASE_ENV: 'test',
  DATABASE_URL: databaseUrl,
  ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
  API_KEY_PEPPER: randomBytes(32).toString('base64'),
  LOG_LEVEL: 'silent',
  HOST: '127.0.0.1',
  PORT: '0',
  // What is measured is the server and not its patience.
  RATE_LIMIT_PER_CREDENTIAL: '0',
  RATE_LIMIT_PER_ADDRESS: '0',
});

async function benchIngest(app: NestFastifyApplication, databaseUrl: string, rounds: number): Promise<void> {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const [provider] = app.get(ProviderRegistry).all();
  const baselines = await RowBaselines.connect(databaseUrl);
  const ours: number[] = [];
  const copy: number[] = [];
  const insert: number[] = [];
  // One month for every round, each time for another user: what a round leaves behind is little.
  const month = vendorMonth(yesterday, seeded(1));
  const rows = rowsOf(app, month);
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    const job = await freshJob(app, provider);
    const measured = [
      rows.length / (await ingest(app, job, month)),
      await baselines.copy(round, rows),
      await baselines.insertOneByOne(round, rows.slice(0, 2_000)),
    ];
    if (round >= WARM_UP_ROUNDS) [ours, copy, insert].forEach((list, i) => list.push(measured[i]));
  }
  await baselines.close();
  print(`ingest of 30 days, ${rows.length} samples`, `${whole(median(ours))} samples/s`);
  print('  binary COPY into a table with a primary key', `${whole(median(copy))} samples/s`);
  print(
    '  one INSERT a commit',
    `${whole(median(insert))} samples/s, ${(1_000 / median(insert)).toFixed(2)} ms a commit`,
  );
  goal('  ingest / COPY', median(ours.map((it, i) => it / copy[i])), 0.15);
  goal('  ingest / INSERT', median(ours.map((it, i) => it / insert[i])), 100);
}

async function benchRead(app: NestFastifyApplication, rowRoute: RowRoute, seconds: number): Promise<void> {
  const { key } = await app
    .get(ApiKeysService)
    .create({ name: 'bench', scopes: SCOPES, environment: 'test' });
  const [{ user_id }] = await app.get(DataSource).query(`SELECT user_id FROM series_day LIMIT 1`);
  const url = await app.getUrl();
  const range = `start_time=${daysAgo(32)}&end_time=${daysAgo(0)}`;
  const route = `${url}/api/v1/users/${user_id}/timeseries?types=heart_rate&limit=10000&${range}`;
  const answer = await fetch(route, { headers: { 'X-API-Key': key } });
  const { data } = (await answer.json()) as { data: Item[] };
  await rowRoute.fill(data);
  await load(route, key, 1);
  await load(`${url}/bench/rows`, key, 1);
  const ratios: number[] = [];
  let last: [Throughput, Throughput] | null = null;
  for (let round = 0; round < 3; round++) {
    last = [await load(route, key, seconds), await load(`${url}/bench/rows`, key, seconds)];
    ratios.push(last[0].requestsPerSecond / last[1].requestsPerSecond);
  }
  const [ours, naive] = last!;
  print(`read of ${data.length} raw items, ${whole(ours.bytes / 1024)} KiB`, figures(ours));
  print('  one row a sample, driver and JSON.stringify', figures(naive));
  goal('  read / rows', median(ratios), 6);
}

async function benchPages(app: NestFastifyApplication): Promise<void> {
  const { loadSeconds, smallest, firstPage, crowd, ...ratios } = await measurePages(app, USERS);
  print(`pages of a year, ${whole(USERS)} users`, `loaded in ${whole(loadSeconds)} s`);
  print('  the smallest route, a page of 100', `${smallest.toFixed(2)} ms, ${firstPage.toFixed(2)} ms`);
  limit('  a middle page / the first', ratios.middleToFirst, 1.5);
  limit('  ten times the range / the range', ratios.tenTimesTheRange, 1.3);
  limit('  a year at 1day / the smallest', ratios.yearOfDays, 3);
  limit('  365 days of activity / the smallest', ratios.activity, 5);
  print(
    '  1,000 samples',
    `p50 alone ${crowd.p50.toFixed(2)} ms, p99 of 16 clients ${crowd.p99.toFixed(2)} ms`,
  );
  limit('  p99 of 16 clients / p50 alone', crowd.ratio, 10);
}

async function benchStream(app: NestFastifyApplication, seconds: number): Promise<void> {
  const { p50, p99, max, eventsPerSecond, queriesPerSecond, lost } = await measureStreams(
    app,
    STREAMS,
    seconds,
  );
  print(
    `${STREAMS} streams, ${whole(eventsPerSecond)} events/s`,
    `latency p50 ${whole(p50)} ms, p99 ${whole(p99)} ms, max ${whole(max)} ms, ${queriesPerSecond.toFixed(2)} queries/s`,
  );
  const isReached = p99 <= 1_000 && queriesPerSecond <= 1 && lost === 0;
  print(
    '  p99, queries/s, lost',
    `${whole(p99)}, ${queriesPerSecond.toFixed(2)}, ${lost}; at most 1,000, 1, 0 wanted: ${isReached ? 'reached' : 'MISSED'}`,
  );
}

async function benchStart(): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) times.push(await startOnce());
  const seconds = median(times) / 1_000;
  print(
    'process start to listening',
    `${seconds.toFixed(2)} s, at most 2.5 s wanted: ${seconds <= 2.5 ? 'reached' : 'MISSED'}`,
  );
}

function startOnce(): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(__dirname, '..', 'src', 'main.js')], {
    env: { ...process.env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (!/listening/i.test(output)) return;
      const elapsed = performance.now() - started;
      child.removeAllListeners('exit').once('exit', () => resolve(elapsed));
      child.kill('SIGTERM');
      child.stdout.removeAllListeners('data').resume();
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
  });
}

const print = (what: string, figure: string) => console.log(`${what.padEnd(52)} ${figure}`);
const goal = (what: string, ratio: number, wanted: number) =>
  print(what, `${ratio.toFixed(2)}, at least ${wanted} wanted: ${ratio >= wanted ? 'reached' : 'MISSED'}`);
const limit = (what: string, ratio: number, wanted: number) =>
  print(what, `${ratio.toFixed(2)}, at most ${wanted} wanted: ${ratio <= wanted ? 'reached' : 'MISSED'}`);
const figures = ({ requestsPerSecond, p50, p99 }: Throughput) =>
  `${requestsPerSecond.toFixed(1)} requests/s, p50 ${p50} ms, p99 ${p99} ms`;
const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const whole = (figure: number) => Math.round(figure).toLocaleString('en-US');
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

void main();
