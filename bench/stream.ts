import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { ApiKeysService } from '../src/access/api-keys.service';
import { tell } from '../src/sync/event-log';
import { EventReader } from '../src/sync/event-reader';
import type { RunState } from '../src/sync/run-log';
import { NOTHING_DONE } from '../src/sync/tally';
import type { Arrivals, StreamClients } from './stream-clients';

export interface StreamFigures {
  /** ms, from just before the commit to the arrival. */
  p50: number;
  p99: number;
  max: number;
  eventsPerSecond: number;
  /** For news, however many clients. */
  queriesPerSecond: number;
  lost: number;
}

const EVENTS_PER_SECOND = 200;
/** A bit more than the longest wait between two looks for what no notice has brought. */
const LAST_ARRIVALS_MS = 2_500;

/** One stream for each of so many users, and events of users by turns. */
export async function measureStreams(
  app: NestFastifyApplication,
  count: number,
  seconds: number,
): Promise<StreamFigures> {
  const database = app.get(DataSource);
  const { key } = await app
    .get(ApiKeysService)
    .create({ name: 'bench streams', scopes: ['read'], environment: 'test' });
  const runs = Array.from({ length: count }, runOfSomebody);
  await insertRuns(database, runs);
  const clients = await openStreams({
    port: Number(new URL(await app.getUrl()).port),
    key,
    userIds: runs.map(({ userId }) => userId),
  });
  const queriesPerSecond = countLooks(app.get(EventReader));
  const commits = await tellByTurns(database, runs, seconds);
  await sleep(LAST_ARRIVALS_MS);
  const arrivals = await clients.arrivals();
  const latencies = commits
    .flatMap((at, event) => (arrivals.has(event) ? [arrivals.get(event)! - at] : []))
    .toSorted((one, other) => one - other);
  const share = (part: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))];
  return {
    p50: share(0.5),
    p99: share(0.99),
    max: share(1),
    eventsPerSecond: commits.length / seconds,
    queriesPerSecond: queriesPerSecond(),
    lost: commits.length - latencies.length,
  };
}

const runOfSomebody = (): RunState => ({
  userId: randomUUID(),
  connectionId: randomUUID(),
  provider: 'bench',
  runId: `pull_${randomUUID()}`,
  taskId: randomUUID(),
  source: 'pull',
  startedAt: new Date(),
  itemsTotal: 32,
  details: NOTHING_DONE,
  announced: true,
  toldAt: 0,
  toldDays: 0,
});

async function insertRuns(database: DataSource, runs: RunState[]): Promise<void> {
  const now = new Date();
  const userIds = runs.map(({ userId }) => userId);
  await database.query(`INSERT INTO app_user (id, created_at) SELECT unnest($1::uuid[]), $2`, [userIds, now]);
  await database.query(
    `INSERT INTO sync_run (user_id, run_id, task_id, connection_id, provider, source, stage, status, items_processed,
                           details, started_at, last_update)
     SELECT r.user_id, r.run_id, gen_random_uuid(), gen_random_uuid(), 'bench', 'pull', 'saving', 'in_progress', 0, '{}',
            $3, $3
       FROM unnest($1::uuid[], $2::text[]) AS r (user_id, run_id)`,
    [userIds, runs.map(({ runId }) => runId), now],
  );
}

/** @returns the instant before the commit of each event, by its number */
async function tellByTurns(database: DataSource, runs: RunState[], seconds: number): Promise<number[]> {
  const commits: number[] = [];
  const telling: Promise<void>[] = [];
  for (let event = 0; event < seconds * EVENTS_PER_SECOND; event++) {
    const news = { stage: 'saving', status: 'in_progress', message: `event ${event}` } as const;
    telling.push(
      database.transaction(async (manager) => {
        await tell(manager, runs[event % runs.length], news, new Date());
        commits[event] = performance.timeOrigin + performance.now();
      }),
    );
    await sleep(1_000 / EVENTS_PER_SECOND);
  }
  await Promise.all(telling);
  return commits;
}

/** @returns what says how many there were in a second, to the hundredth */
function countLooks(reader: EventReader): () => number {
  const looks: number[] = [];
  const after = reader.after.bind(reader);
  reader.after = (ids) => {
    looks.push(performance.now());
    return after(ids);
  };
  return () => Math.round((100_000 * (looks.length - 1)) / (looks[looks.length - 1] - looks[0])) / 100;
}

/** In a thread of its own: the clients must not share the event loop with the server they measure. */
async function openStreams(clients: StreamClients): Promise<{ arrivals(): Promise<Map<number, number>> }> {
  const worker = new Worker(join(__dirname, 'stream-clients.js'), { workerData: clients });
  const answer = () =>
    new Promise<Arrivals>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  await answer();
  return {
    arrivals: async () => {
      const arrived = answer();
      worker.postMessage('end');
      const arrivals = await arrived;
      await worker.terminate();
      return new Map(arrivals);
    },
  };
}
