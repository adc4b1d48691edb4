import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options';
import type { Clock } from '../../src/database/clock';
import { Random } from '../../src/database/random';
import type { Outcome } from '../../src/providers/breaker';
import type { VendorCall } from '../../src/providers/budget-rules';
import type { Urgency } from '../../src/providers/provider';
import { VendorBudgets, type Admission } from '../../src/providers/vendor-budgets';
import { openDatabase } from './open-database';
import { scriptedDefinition } from './scripted-provider';
import { BUDGET_ENTITIES } from './vendor-http';

type Limits = VendorCall['provider']['limits'];

/** Budgets as two processes of one server have them: each with a pool of its own. */
export class BudgetWorld {
  readonly processes: VendorBudgets[];
  limits: Limits;

  private constructor(
    private readonly databases: DataSource[],
    clock: Clock | Clock[],
  ) {
    this.processes = databases.map(
      (database, index) =>
        new VendorBudgets(database, Array.isArray(clock) ? clock[index] : clock, new Random()),
    );
  }

  /** @param clock one for both, or one for each */
  static async start(clock: Clock | Clock[]): Promise<BudgetWorld> {
    const first = await openDatabase(BUDGET_ENTITIES);
    const options = { ...dataSourceOptions(process.env.DATABASE_URL!), entities: BUDGET_ENTITIES };
    const world = new BudgetWorld([first, await new DataSource(options).initialize()], clock);
    await world.reset();
    return world;
  }

  async reset(limits: Partial<Limits> = {}): Promise<void> {
    this.limits = { ...scriptedDefinition('http://vendor.invalid').limits, concurrentPerUser: 2, ...limits };
    await this.sql('TRUNCATE vendor_budget, vendor_block');
  }

  async close(): Promise<void> {
    for (const budgets of this.processes) budgets.onModuleDestroy();
    for (const budgets of this.processes) await budgets.beforeApplicationShutdown();
    for (const database of this.databases) await database.destroy();
  }

  sql<Row = Record<string, unknown>>(query: string, parameters?: unknown[]): Promise<Row[]> {
    return this.databases[0].query(query, parameters);
  }

  call(
    connectionId: string | null,
    urgency: Urgency = 'live',
    changes: Partial<VendorCall> = {},
  ): VendorCall {
    return {
      provider: { slug: 'scripted', limits: this.limits },
      endpointClass: 'data',
      caller: { connectionId, urgency },
      timeoutMs: 20_000,
      ...changes,
    };
  }

  admit(
    process: number,
    connectionId: string | null,
    urgency?: Urgency,
    changes?: Partial<VendorCall>,
  ): Promise<Admission> {
    return this.processes[process].admit(this.call(connectionId, urgency, changes));
  }

  /** One call from beginning to end. */
  async finish(
    process: number,
    connectionId: string | null,
    outcome: Outcome = 'ok',
    { retryAt = null, ...changes }: Partial<VendorCall> & { retryAt?: Date | null } = {},
  ): Promise<void> {
    const admission = await this.admit(process, connectionId, 'live', changes);
    await this.processes[process].settle(admission, { outcome, retryAt });
    await this.processes[process].beforeApplicationShutdown();
  }
}
