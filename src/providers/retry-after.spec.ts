import { createServer, type Server } from 'node:http';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { listen } from '../../test/support/listen';
import { openDatabase } from '../../test/support/open-database';
import { scriptedDefinition } from '../../test/support/scripted-provider';
import { TestClock } from '../../test/support/test-clock';
import { BUDGET_ENTITIES, vendorHttpOn } from '../../test/support/vendor-http';
import { dataSourceOptions } from '../database/data-source-options';
import type { ProviderError } from './provider-errors';
import type { ProviderHttp } from './provider-http';

const START = Date.parse('2026-03-07T10:00:00Z');
const TRIALS = 1_000;
/** The second process is that much ahead. */
const SKEW_MS = 300;

/** A sequence that is the same in every run. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** The three forms; a date and an epoch are cut to the second. */
const FORMS: ((now: number, until: number) => string)[] = [
  (now, until) => String(Math.ceil((until - now) / 1_000)),
  (_now, until) => new Date(until).toUTCString(),
  (_now, until) => String(Math.floor(until / 1_000)),
];

describe('Retry-After, over two processes', () => {
  const clocks = [new TestClock(new Date(START)), new TestClock(new Date(START))];
  let now = START;
  let server: Server;
  let url: string;
  let databases: DataSource[];
  let gateways: ProviderHttp[];
  let limit: { until: number; header: string };
  let early = 0;
  let served = 0;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = createServer((_request, response) => {
      served++;
      const isLimited = now < limit.until;
      if (isLimited && served > 1) early++;
      response.writeHead(isLimited ? 429 : 200, isLimited ? { 'retry-after': limit.header } : {}).end('{}');
    });
    url = `http://127.0.0.1:${await listen(server)}/day`;
    const first = await openDatabase(BUDGET_ENTITIES);
    const options = { ...dataSourceOptions(process.env.DATABASE_URL!), entities: BUDGET_ENTITIES };
    databases = [first, await new DataSource(options).initialize()];
    gateways = databases.map((database, index) => vendorHttpOn(database, clocks[index]));
  });

  afterAll(async () => {
    for (const gateway of gateways) gateway.onApplicationShutdown();
    for (const database of databases) await database.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  function setTime(at: number): void {
    now = at;
    clocks[0].set(new Date(at));
    clocks[1].set(new Date(at + SKEW_MS));
  }

  async function ask(process: number, scope: 'app' | 'user', connectionId: string): Promise<Date | 'served'> {
    const provider = scriptedDefinition(url, { slug: scope, limits: { rateLimitScope: scope } });
    const call = { provider, operation: 'day', caller: { connectionId, urgency: 'live' as const } };
    try {
      gateways[process].expectOk(call, await gateways[process].request({ ...call, method: 'GET', url }));
      return 'served';
    } catch (error) {
      return (error as ProviderError).retryAt!;
    }
  }

  it(`is obeyed to the millisecond in ${TRIALS} trials`, async () => {
    const upTo = sequence(20_260_307);
    for (let trial = 0; trial < TRIALS; trial++) {
      const scope = trial % 2 === 0 ? 'app' : 'user';
      const [told, other] = trial % 4 < 2 ? [0, 1] : [1, 0];
      const connection = `user-${trial % 7}`;
      setTime(now + 1_000 + upTo(5_000));
      const until = now + 1_000 + upTo(300_000);
      limit = { until, header: FORMS[trial % FORMS.length](now, until) };
      served = 0;
      const retryAt = await ask(told, scope, connection);

      setTime(trial % 5 === 0 ? until - 1 : now + upTo(until - now));
      await ask(other, scope, scope === 'app' ? 'another' : connection);
      expect(served).toBe(1);

      // Who comes when it was told to is served.
      setTime(Math.max(until, (retryAt as Date).getTime()));
      expect(await ask(told, scope, connection)).toBe('served');
    }
    expect(early).toBe(0);
  }, 60_000);
});
