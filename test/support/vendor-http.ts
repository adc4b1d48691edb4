import type { DataSource } from 'typeorm';
import { Clock } from '../../src/database/clock';
import { Failpoints } from '../../src/database/failpoints';
import { Random } from '../../src/database/random';
import { VendorBlock } from '../../src/providers/vendor-block.entity';
import { VendorBudget } from '../../src/providers/vendor-budget.entity';
import { VendorBudgets } from '../../src/providers/vendor-budgets';
import { ProviderHttp } from '../../src/providers/provider-http';
import { openDatabase } from './open-database';

export const BUDGET_ENTITIES = [VendorBlock, VendorBudget];

/** The way out to vendors as a server has it, with its budgets in this database. */
export function vendorHttpOn(database: DataSource, clock = new Clock()): ProviderHttp {
  return new ProviderHttp(new VendorBudgets(database, clock, new Random()), new Failpoints(), clock);
}

export interface VendorHttp {
  http: ProviderHttp;
  /** As if no vendor had been called yet. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** The same on a database of its own. */
export async function openVendorHttp(): Promise<VendorHttp> {
  const database = await openDatabase(BUDGET_ENTITIES);
  const http = vendorHttpOn(database);
  const close = async () => {
    http.onApplicationShutdown();
    await database.destroy();
  };
  const reset = () => database.query('TRUNCATE vendor_budget, vendor_block');
  return { http, reset, close };
}
