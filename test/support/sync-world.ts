import { randomUUID } from 'node:crypto';
import { ScheduleModule } from '@nestjs/schedule';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { ArchivalModule } from '../../src/archival/archival.module';
import { AccessTokens } from '../../src/connections/access-tokens.service';
import type { Connection } from '../../src/connections/connection.entity';
import { RefreshSweep } from '../../src/connections/refresh-sweep.cron';
import { DatabaseModule } from '../../src/database/database.module';
import { Failpoints, type Failpoint } from '../../src/database/failpoints';
import { soleWorkerOf } from '../../src/database/sole-worker';
import type { AccountAccess } from '../../src/providers/provider';
import { claimConnections, type Lease, type WorkClass } from '../../src/sync/claim';
import { phaseOf } from '../../src/sync/plan';
import { Random } from '../../src/database/random';
import { ReplayRuns } from '../../src/sync/replay-runs.service';
import { Runner } from '../../src/sync/runner';
import { SyncCron } from '../../src/sync/sync.cron';
import { SyncModule } from '../../src/sync/sync.module';
import { Tasks } from '../../src/tasks/tasks.service';
import { createDatabase } from '../setup/database';
import { TEST_ENVIRONMENT } from './app';
import { DayProvider } from './day-provider';
import { runDue } from './run-due';
import { accessBy } from './scripted-provider';
import { TestClock } from './test-clock';

const HOUR = 3_600_000;
const LEASE_MS = 60_000;

const START = new Date('2026-03-10T12:00:00Z');

/** Hands out `token-1`, after a refresh `token-2`. */
export class TestTokens {
  refreshes = 0;
  /** Times that a renewed token was refused, too. */
  refusals = 0;
  /** Thrown instead of a token. */
  failure: Error | null = null;

  async current(_connection: Connection): Promise<AccountAccess> {
    if (this.failure !== null) throw this.failure;
    return accessBy(`token-${this.refreshes + 1}`);
  }

  async refusedAgain(_connection: Connection): Promise<void> {
    this.refusals++;
  }

  refreshed(connection: Connection, _rejected: AccountAccess): Promise<AccountAccess> {
    this.refreshes++;
    return this.current(connection);
  }
}

/** Does at a point what the test says. */
class TestFailpoints extends Failpoints {
  at: Partial<Record<Failpoint, () => Promise<unknown>>> = {};

  override async reach(point: Failpoint): Promise<void> {
    await this.at[point]?.();
  }
}

/**
 * A connection whose daily and weekly slots lie before six in the morning, and its hourly ones ten minutes or more after
 * the full hour: none comes up in a test by chance.
 */
function earlyRiser(): string {
  const id = randomUUID();
  const phase = phaseOf(id);
  return phase % (24 * HOUR) < 6 * HOUR && phase % HOUR >= HOUR / 6 ? id : earlyRiser();
}

export interface Key {
  userId: string;
  connectionId: string;
}

/** The real sync over a real database; time, chance, tokens and the vendor are the test's, and nothing runs by itself. */
export class SyncWorld {
  readonly clock = new TestClock(START);
  readonly tokens = new TestTokens();
  readonly provider = new DayProvider();
  readonly failpoints = new TestFailpoints();
  /** What back-off takes for chance. */
  chance = 1;
  private module: TestingModule;

  static async start(environment: Record<string, string> = {}): Promise<SyncWorld> {
    const world = new SyncWorld();
    Object.assign(process.env, TEST_ENVIRONMENT, environment, { DATABASE_URL: await createDatabase() });
    world.module = await Test.createTestingModule({
      imports: [
        ScheduleModule.forRoot(),
        DatabaseModule.forRoot({ clock: world.clock, failpoints: world.failpoints }),
        SyncModule,
        ArchivalModule,
      ],
      providers: [{ provide: DayProvider, useFactory: () => world.provider }],
    })
      .overrideProvider(Random)
      .useValue({ next: () => world.chance })
      .overrideProvider(AccessTokens)
      .useValue(world.tokens)
      .overrideProvider(SyncCron)
      .useValue({})
      .overrideProvider(RefreshSweep)
      .useValue({})
      .overrideProvider(soleWorkerOf(ReplayRuns))
      .useValue({})
      .overrideProvider(soleWorkerOf(Tasks))
      .useValue({})
      .compile();
    world.module.useLogger(false);
    await world.module.init();
    return world;
  }

  /** As it was at the start, without a user. */
  async reset(): Promise<void> {
    this.clock.set(START);
    Object.assign(this.tokens, { refreshes: 0, failure: null });
    this.provider.reset();
    this.failpoints.at = {};
    this.chance = 1;
    const tables = this.database.entityMetadatas.map(({ tableName }) => tableName);
    await this.sql(`TRUNCATE ${tables.join(', ')}`);
  }

  get database(): DataSource {
    return this.module.get(DataSource);
  }

  get<T>(type: abstract new (...parameters: never[]) => T): T {
    return this.module.get(type, { strict: false });
  }

  close(): Promise<void> {
    return this.module.close();
  }

  sql<Row = Record<string, unknown>>(query: string, parameters?: unknown[]): Promise<Row[]> {
    return this.database.query(query, parameters);
  }

  /** A user with a connection that is due now, as after the OAuth callback. */
  async connect(): Promise<Key> {
    const [userId, connectionId] = [randomUUID(), earlyRiser()];
    const now = this.clock.now();
    await this.sql(`INSERT INTO app_user (id, created_at) VALUES ($1, $2)`, [userId, now]);
    await this.sql(
      `INSERT INTO connection (user_id, id, provider, provider_user_id, status, sync_epoch, wake_at, next_slot_at,
                               priority, created_at, updated_at)
       VALUES ($1, $2, 'scripted', $3, 'active', 1, $4, $4, 0, $4, $4)`,
      [userId, connectionId, `account-${connectionId}`, now],
    );
    return { userId, connectionId };
  }

  claim(limit = 10, work: WorkClass = 'live'): Promise<Lease[]> {
    return claimConnections(this.database.manager, {
      now: this.clock.now(),
      leaseMs: LEASE_MS,
      limit,
      work,
    });
  }

  /** Claims what is due and runs it until nothing is due any more. @returns how many connections were due */
  runDue(shutdown?: AbortSignal): Promise<number> {
    return runDue(this.database, this.get(Runner), this.clock, shutdown);
  }

  /** Does the tasks that were asked for. */
  async runTasks(): Promise<void> {
    const tasks = this.get(Tasks);
    const never = new AbortController().signal;
    for (let task = await tasks.next(); task !== null; task = await tasks.next())
      await tasks.work(task, never);
  }

  async connection({ userId, connectionId }: Key): Promise<Record<string, unknown>> {
    const [row] = await this.sql(`SELECT * FROM connection WHERE user_id = $1 AND id = $2`, [
      userId,
      connectionId,
    ]);
    return row;
  }

  /** The ledger, newest first. */
  days({ connectionId }: Key): Promise<LedgerRow[]> {
    return this.sql<LedgerRow>(
      `SELECT *, date::text AS date FROM sync_day WHERE connection_id = $1 ORDER BY sync_day.date DESC`,
      [connectionId],
    );
  }

  async day(key: Key, date: string): Promise<LedgerRow> {
    return (await this.days(key)).find((day) => day.date === date)!;
  }

  /** Oldest first. */
  runs({ connectionId }: Key): Promise<RunRow[]> {
    return this.sql<RunRow>(
      `SELECT * FROM sync_run WHERE connection_id = $1 ORDER BY started_at, last_update`,
      [connectionId],
    );
  }

  /** Every row of health data with the transaction that wrote it: equal only if nothing was touched. */
  async healthRows({ userId }: Key): Promise<unknown[]> {
    const tables = ['series_day', 'series_local_day', 'daily_value', 'sleep_session', 'score', 'raw_answer'];
    const rows = tables.map((table) =>
      this.sql(`SELECT xmin::text, t.* FROM ${table} t WHERE user_id = $1 ORDER BY t::text`, [userId]),
    );
    return (await Promise.all(rows)).flat();
  }
}

export interface LedgerRow {
  date: string;
  status: string;
  attempts: number;
  next_attempt_at: Date | null;
  error_code: string | null;
  fetched_at: Date | null;
  starts_at: Date | null;
  time_zone: string | null;
  empty_since: Date | null;
}

export interface RunRow {
  run_id: string;
  source: string;
  stage: string;
  status: string;
  message: string;
  error: string | null;
  slot_at: Date | null;
  paused_at: Date | null;
  items_processed: number;
  items_total: number;
  details: Record<string, unknown>;
}
