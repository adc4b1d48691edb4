import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Module, type Type } from '@nestjs/common';
import { ActivationService } from '../src/connections/activation.service';
import { Clock } from '../src/database/clock';
import type { NormalizedDay } from '../src/health-data/canonical';
import {
  WearableProviderPlugin,
  type AccountAccess,
  type ProviderAccount,
  type RawAnswer,
  type Urgency,
  type WearableProvider,
} from '../src/providers/provider';
import { ProviderUnavailable } from '../src/providers/provider-errors';
import { ProviderHttp } from '../src/providers/provider-http';
import { ProviderHttpModule } from '../src/providers/provider-http.module';
import { ProviderRegistry } from '../src/providers/provider.registry';
import { VendorBudgets } from '../src/providers/vendor-budgets';
import { startApp, type TestApp } from './support/app';
import { listen } from './support/listen';
import { emptyDay, scriptedDefinition } from './support/scripted-provider';

const RATE = 50;
const LATENCY_MS = 20;
const DAYS = 5;

type Answer = (response: ServerResponse) => void;
const noData: Answer = (response) => response.writeHead(404).end();

/** Which server asked when, in ms of `performance.now()`. */
interface Seen {
  server: string;
  at: number;
}

/** A provider that asks its vendor for each day, saying which server it belongs to. */
function providerOf(server: string, vendorUrl: string): Type {
  const definition = scriptedDefinition(vendorUrl, {
    limits: { requestsPerSecond: RATE, concurrentPerUser: 2, rateLimitScope: 'app' },
  });

  @WearableProviderPlugin()
  @Injectable()
  class AskingProvider implements WearableProvider {
    readonly definition = definition;

    constructor(private readonly http: ProviderHttp) {}

    async fetch(caller: AccountAccess, { from }: { from: string }): Promise<RawAnswer[]> {
      const call = { provider: definition, operation: 'day', caller };
      const url = `${vendorUrl}/${server}`;
      const response = await this.http.request({ ...call, method: 'GET', url });
      if (response.status !== 404) this.http.expectOk(call, response);
      return [{ date: from, status: response.status, body: response.body }];
    }

    normalize({ date }: RawAnswer): NormalizedDay {
      return emptyDay(date);
    }

    fetchAccount(): Promise<ProviderAccount> {
      return Promise.reject(new Error('not scripted'));
    }
  }

  @Module({ imports: [ProviderHttpModule], providers: [AskingProvider] })
  class AskingModule {}
  return AskingModule;
}

describe('two servers on one database', () => {
  let vendor: Server;
  let answer: Answer = noData;
  const seen: Seen[] = [];
  let servers: TestApp[];
  let offsetMs = 0;

  beforeAll(async () => {
    vendor = createServer((request, response) => {
      seen.push({ server: request.url!.slice(1), at: performance.now() });
      setTimeout(() => answer(response), LATENCY_MS);
    });
    const url = `http://127.0.0.1:${await listen(vendor)}`;
    const environment = { SYNC_TICK: '100ms', SYNC_CONCURRENCY: '8', BACKFILL_DAYS: String(DAYS - 2) };
    const configure = async (app: TestApp['app']) => {
      Object.assign(app.get(Clock), { now: () => new Date(Date.now() + offsetMs) });
    };
    const first = await startApp(environment, { providers: [providerOf('first', url)], configure });
    const second = await startApp(
      { ...environment, DATABASE_URL: first.databaseUrl },
      { providers: [providerOf('second', url)], configure },
    );
    servers = [first, second];
  });

  afterAll(async () => {
    for (const server of servers ?? []) await server.close();
    await new Promise((resolve) => vendor.close(resolve));
  });

  beforeEach(async () => {
    answer = noData;
    await servers[0].sql('TRUNCATE vendor_budget, vendor_block');
    seen.length = 0;
  });

  const fetchFrom = (server: number, connectionId: string, urgency: Urgency) => {
    const provider = servers[server].app.get(ProviderRegistry).get('scripted');
    return provider.fetch(
      { accessToken: 'token', connectionId, urgency },
      { from: '2026-03-07', to: '2026-03-07' },
    );
  };

  const connect = async () => {
    const user = await servers[0].request('POST', '/api/v1/users', { body: {} });
    await servers[0].app.get(ActivationService).activate({
      userId: user.body.id,
      provider: 'scripted',
      account: { id: randomUUID(), name: null, timeZone: null, scope: null },
      tokens: { accessToken: 'token', refreshToken: null, expiresInSeconds: null, scope: null },
    });
  };

  const openDays = async () => {
    const [{ open }] = await servers[0].sql<{ open: number }>(
      `SELECT count(*)::integer AS open FROM sync_day WHERE status <> 'empty'`,
    );
    return open;
  };

  it('fall silent at the first 429, and take up all that is left when the time has come', async () => {
    const users = 20;
    let limitedAt: number | null = null;
    answer = (response) => {
      if (seen.length >= 40) limitedAt ??= performance.now();
      if (limitedAt === null || performance.now() > limitedAt + 2_000) return noData(response);
      response.writeHead(429, { 'retry-after': '2' }).end();
    };
    for (let count = 0; count < users; count++) await connect();
    for (let tries = 0; tries < 150; tries++) {
      if (limitedAt !== null && (await openDays()) === 0) break;
      await wait(100);
    }
    expect(await openDays()).toBe(0);
    const during = seen.filter(({ at }) => at > limitedAt! && at < limitedAt! + 2_000);
    const last = Math.max(0, ...during.map(({ at }) => at - limitedAt!));
    process.stdout.write(
      `429: ${during.length} calls followed it, the last after ${last.toFixed(0)} ms; silence until its time\n`,
    );
    // Calls that were on their way.
    expect(last).toBeLessThan(300);
    for (const server of ['first', 'second']) {
      expect(seen.some((call) => call.server === server && call.at < limitedAt!)).toBe(true);
      expect(seen.some((call) => call.server === server && call.at > limitedAt! + 2_000)).toBe(true);
    }
  });

  it('stop asking a vendor in trouble, and send one call of all to see whether it is back', async () => {
    answer = (response) => response.writeHead(503).end();
    const askAll = () =>
      Promise.allSettled(
        Array.from({ length: 12 }, (_, index) => fetchFrom(index % 2, `user-${index}`, 'live')),
      );
    await askAll();
    const asked = seen.length;
    const [refused] = await askAll();
    expect(refused).toMatchObject({ reason: { retryAt: expect.any(Date) } });
    expect(refused).toMatchObject({ reason: expect.any(ProviderUnavailable) });
    expect(seen).toHaveLength(asked);

    // The vendor takes its time, so that nobody is let on by its answer before all have asked.
    let answerProbe = () => {};
    answer = (...call) => void (answerProbe = () => noData(...call));
    offsetMs += 30_000;
    const calls = Array.from({ length: 12 }, (_, index) => fetchFrom(index % 2, `user-${index}`, 'live'));
    const probing = Promise.allSettled(calls);
    const othersRefused = new Promise<void>((resolve) => {
      let refusals = 0;
      for (const call of calls) call.catch(() => ++refusals === 11 && resolve());
    });
    await othersRefused;
    expect(seen).toHaveLength(asked + 1);
    answer = noData;
    answerProbe();
    await probing;
    // A good answer does not wait until it is counted.
    await wait(100);
    expect((await askAll()).every(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('keep to one rate, and let live polls through between two hundred backfills', async () => {
    const lastMs = 3_000;
    const started = performance.now();
    const isOver = () => performance.now() - started > lastMs;
    const backfill = async (index: number) => {
      while (!isOver()) await fetchFrom(index % 2, `backfill-${index}`, 'backfill').catch(() => wait(50));
    };
    const waits: number[] = [];
    const poll = async (index: number) => {
      const asked = performance.now();
      await fetchFrom(index % 2, `live-${index}`, 'live');
      waits.push(performance.now() - asked - LATENCY_MS);
    };
    const backfills = Array.from({ length: 200 }, (_, index) => backfill(index));
    const polls: Promise<void>[] = [];
    for (let index = 0; !isOver(); index++) {
      polls.push(poll(index));
      await wait(1_000 / (RATE * 0.3));
    }
    await Promise.all(polls);
    const withinTime = seen.filter(({ at }) => at - started <= lastMs).length;
    const p99 = waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.99)];
    process.stdout.write(
      `budget: ${withinTime} calls in ${lastMs / 1_000} s at ${RATE}/s, ${waits.length} of them live, ` +
        `which waited ${p99.toFixed(0)} ms (p99)\n`,
    );
    expect(withinTime).toBeLessThanOrEqual((RATE * lastMs) / 1_000 + RATE);
    expect(withinTime).toBeGreaterThan((RATE * lastMs * 0.8) / 1_000);
    expect(p99).toBeLessThan(500);
    // The tail of the queue needs no waiting for.
    for (const { app } of servers) app.get(VendorBudgets, { strict: false }).onModuleDestroy();
    await Promise.all(backfills);
  });
});
