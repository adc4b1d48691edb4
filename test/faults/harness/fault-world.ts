import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { SimulatorOptions } from '../../../simulator/options';
import { startSimulator, type RunningSimulator } from '../../../simulator/server';
import { dataSourceOptions } from '../../../src/database/data-source-options';
import { TEST_ENVIRONMENT } from '../../support/app';
import { send, type Asked, type TestRequest } from '../../support/send';
import { simulatedBy } from '../../support/vendor-connection';
import type { Ambush } from './armed-failpoints';
import type { FaultCluster } from './fault-cluster';
import { FaultProxy } from './fault-proxy';
import { readLog, type LogLine } from './log-lines';
import { timeOf, type ClockSetting } from './scaled-clock';
import { ServerProcess } from './server-process';

export interface WorldOptions {
  /** Of its database and its logs. */
  name: string;
  /** Where the clocks of servers and vendor start. */
  now?: Date;
  /** Seconds a real second, of the servers' clocks; the vendor's data stands still until it is told otherwise. */
  scale?: number;
  environment?: Record<string, string>;
  simulator?: SimulatorOptions;
  /** Puts a fault proxy in between. */
  through?: { database?: boolean; vendor?: boolean };
}

/** Short times, so that a scenario sees in seconds what an operator sees in minutes; nothing comes up by the hour by chance. */
const ENVIRONMENT: Record<string, string> = {
  ...TEST_ENVIRONMENT,
  LOG_LEVEL: 'warn',
  SYNC_TICK: '200ms',
  SYNC_LEASE: '2s',
  SYNC_INTERVAL: '24h',
  // Where a scenario is not about budgets, none stands in its way.
  ULTRAHUMAN_REQUESTS_PER_SECOND: '10000',
  // Never asked: the suite carries the browser's way back to a server by itself.
  ULTRAHUMAN_REDIRECT_URI: 'http://127.0.0.1:9/api/v1/oauth/ultrahuman/callback',
};

/** One database, one simulated vendor and any number of server processes around them. */
export class FaultWorld implements Asked {
  readonly servers: ServerProcess[] = [];
  private started = 0;
  private clock: ClockSetting;

  private constructor(
    private readonly cluster: FaultCluster,
    private readonly options: WorldOptions,
    readonly simulator: RunningSimulator,
    readonly database: DataSource,
    private readonly databaseUrl: string,
    readonly databaseProxy: FaultProxy | null,
    readonly vendorProxy: FaultProxy | null,
  ) {
    const { now = new Date(), scale = 1 } = options;
    this.clock = { at: now.toISOString(), realMs: Date.now(), scale, skewMs: 0 };
  }

  static async start(cluster: FaultCluster, options: WorldOptions): Promise<FaultWorld> {
    const { name, now = new Date(), through = {} } = options;
    const databaseUrl = await cluster.createDatabase(name);
    const database = await new DataSource(dataSourceOptions(databaseUrl)).initialize();
    const simulator = await startSimulator({ ...options.simulator, now: now.toISOString() });
    return new FaultWorld(
      cluster,
      { ...options, now },
      simulator,
      database,
      databaseUrl,
      through.database ? await FaultProxy.start(addressOf(databaseUrl)) : null,
      through.vendor ? await FaultProxy.start(addressOf(simulator.url)) : null,
    );
  }

  /** One more server process. */
  async startServer({
    environment = {},
    ambushes = [] as Ambush[],
    skewMs = 0,
  }: {
    environment?: Record<string, string>;
    ambushes?: Ambush[];
    skewMs?: number;
  } = {}): Promise<ServerProcess> {
    const name = serverName(++this.started);
    const server = await ServerProcess.start({
      name,
      environment: { ...ENVIRONMENT, ...this.places(name), ...this.options.environment, ...environment },
      clock: { ...this.clock, skewMs },
      ambushes,
      logFile: this.logFile(name),
    });
    this.servers.push(server);
    void server.ended.then(() => this.servers.splice(this.servers.indexOf(server), 1));
    return server;
  }

  async startServers(count: number): Promise<ServerProcess[]> {
    return Promise.all(Array.from({ length: count }, () => this.startServer()));
  }

  /** Of the servers, without any skew. */
  now(): Date {
    return timeOf(this.clock);
  }

  /** Servers and vendor alike, from here on at this pace; a machine whose clock is wrong keeps its error. */
  async setTime({ at = this.now(), scale }: { at?: Date; scale: number }): Promise<void> {
    this.clock = { at: at.toISOString(), realMs: Date.now(), scale, skewMs: 0 };
    this.simulator.control.setClock({ now: at.toISOString(), speed: scale });
    const set = (server: ServerProcess) => server.call('setClock', { ...this.clock, skewMs: server.skewMs });
    await Promise.all(this.servers.map(set));
  }

  /** What all servers have logged so far, those that are gone included. */
  logged(): LogLine[] {
    const names = Array.from({ length: this.started }, (_, index) => serverName(index + 1));
    return names.flatMap((name) => readLog(this.logFile(name)));
  }

  /** Of the first server that is there. */
  get url(): string {
    return this.servers[0].url;
  }

  request(method: string, path: string, options?: TestRequest) {
    return this.ask(this, method, path, options);
  }

  /** One certain server. */
  ask({ url }: { url: string }, method: string, path: string, options: TestRequest = {}) {
    return send(`${url}${path}`, method, { key: this.cluster.apiKey, ...options });
  }

  sql<Row = Record<string, unknown>>(query: string, parameters?: unknown[]): Promise<Row[]> {
    return this.database.query(query, parameters);
  }

  async close(): Promise<void> {
    await Promise.all([...this.servers].map((server) => server.kill()));
    await this.databaseProxy?.close();
    await this.vendorProxy?.close();
    await this.database.destroy();
    await this.simulator.close();
  }

  /** The name of the process goes along with its connections, so that the database can tell who did what. */
  private places(name: string): Record<string, string> {
    const url = new URL(this.databaseUrl);
    if (this.databaseProxy) url.port = String(this.databaseProxy.port);
    url.searchParams.set('application_name', name);
    const vendor = new URL(this.simulator.url);
    if (this.vendorProxy) vendor.port = String(this.vendorProxy.port);
    const here = simulatedBy({ url: vendor.origin });
    return { DATABASE_URL: url.href, JOURNAL_DIR: this.journalFolder, ...here };
  }

  /** Shared by all servers, as those of one machine should. */
  get journalFolder(): string {
    return join(this.cluster.directory, `${this.options.name}-journal`);
  }

  private logFile(server: string): string {
    return this.cluster.logFile(`${this.options.name}-${server}`);
  }
}

const serverName = (number: number): string => `server-${number}`;

const addressOf = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });

/** Whatever becomes of the work, nothing of its world stays behind. */
export async function inWorld<T>(
  cluster: FaultCluster,
  options: WorldOptions,
  work: (world: FaultWorld) => Promise<T>,
): Promise<T> {
  const world = await FaultWorld.start(cluster, options);
  try {
    return await work(world);
  } finally {
    await world.close();
  }
}
