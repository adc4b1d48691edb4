import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeysService } from '../src/access/api-keys.service';
import type { PageLoad, PageServer, PageTimes } from './page-clients';
import { loadYear } from './year-of-data';

const ROUNDS = 15;
const REQUESTS = 60;
const PAGE = 100;
const CROWD = { clients: 16, requests: 800 };

export interface PageFigures {
  users: number;
  loadSeconds: number;
  /** Median time of one request at one client, ms. */
  smallest: number;
  firstPage: number;
  /** Medians of the rounds' ratios. */
  middleToFirst: number;
  tenTimesTheRange: number;
  yearOfDays: number;
  activity: number;
  crowd: { p50: number; p99: number; ratio: number };
}

export async function measurePages(app: NestFastifyApplication, users: number): Promise<PageFigures> {
  const started = performance.now();
  const userId = await loadYear(app, users);
  const loadSeconds = (performance.now() - started) / 1_000;
  const { key } = await app
    .get(ApiKeysService)
    .create({ name: 'bench pages', scopes: ['read'], environment: 'test' });
  const port = Number(new URL(await app.getUrl()).port);
  const clients = openClients({ port, key });
  const user = `/api/v1/users/${userId}`;
  const heartRate = `${user}/timeseries?types=heart_rate`;
  const year = `${heartRate}&start_time=${daysAgo(360)}&end_time=${daysAgo(1)}`;
  const first = `${year}&limit=${PAGE}`;
  const cursor = Buffer.from(`${daysAgo(180)}T12:00:00Z|heart_rate`).toString('base64url');
  const paths = {
    smallest: user,
    first,
    middle: `${first}&cursor=${cursor}`,
    shorter: `${heartRate}&start_time=${daysAgo(36)}&end_time=${daysAgo(1)}&limit=${PAGE}`,
    days: `${year}&limit=1000&resolution=1day`,
    activity: `${user}/summaries/activity?start_date=${daysAgo(365)}&end_date=${daysAgo(0)}&limit=365`,
    many: `${year}&limit=1000`,
  };
  for (const path of Object.values(paths)) await clients.p50(path, 1, 300);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await oneRound(clients, paths));
  const crowds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const alone = await clients.times({ path: paths.many, clients: 1, requests: REQUESTS });
    const crowd = await clients.times({ path: paths.many, ...CROWD });
    crowds.push({ p50: share(alone, 0.5), p99: share(crowd, 0.99) });
  }
  await clients.close();
  return {
    users,
    loadSeconds,
    smallest: median(rounds.map((it) => it.smallest)),
    firstPage: median(rounds.map((it) => it.first)),
    middleToFirst: median(rounds.map((it) => it.middle / it.first)),
    tenTimesTheRange: median(rounds.map((it) => it.first / it.shorter)),
    yearOfDays: median(rounds.map((it) => it.days / it.smallest)),
    activity: median(rounds.map((it) => it.activity / it.smallest)),
    crowd: {
      p50: median(crowds.map(({ p50 }) => p50)),
      p99: median(crowds.map(({ p99 }) => p99)),
      ratio: median(crowds.map(({ p50, p99 }) => p99 / p50)),
    },
  };
}

/** Each path by turns, so that what slows the machine down slows down all of them. */
async function oneRound<Name extends string>(
  clients: Clients,
  paths: Record<Name, string>,
): Promise<Record<Name, number>> {
  const times: [string, number][] = [];
  for (const [name, path] of Object.entries<string>(paths))
    times.push([name, await clients.p50(path, 1, REQUESTS)]);
  return Object.fromEntries(times) as Record<Name, number>;
}

interface Clients {
  times(load: PageLoad): Promise<number[]>;
  p50(path: string, clients: number, requests: number): Promise<number>;
  close(): Promise<unknown>;
}

/** In a thread of its own: the clients must not share the event loop with the server they measure. */
function openClients(server: PageServer): Clients {
  const worker = new Worker(join(__dirname, 'page-clients.js'), { workerData: server });
  const times = async (load: PageLoad): Promise<number[]> => {
    const answer = once(worker, 'message');
    worker.postMessage(load);
    const [measured]: PageTimes[] = await answer;
    if (Array.isArray(measured)) return measured.toSorted((a, b) => a - b);
    throw new Error(`${load.path}: ${measured.failure}`);
  };
  return {
    times,
    p50: async (path, clients, requests) => share(await times({ path, clients, requests }), 0.5),
    close: () => worker.terminate(),
  };
}

const share = (sorted: number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const median = (list: number[]) =>
  share(
    list.toSorted((a, b) => a - b),
    0.5,
  );
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
