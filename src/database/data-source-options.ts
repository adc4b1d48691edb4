import type { DataSourceOptions } from 'typeorm';
import { MIGRATIONS } from '../../migrations';

/**
 * PostgreSQL would plan many a prepared statement anew for each execution, which takes longer than most of them run; and
 * as each reads a few rows by an index, there is nothing that the values could tell the planner. docs/adr/0023
 */
const PLANNED_ONCE = '-c plan_cache_mode=force_generic_plan';

/** The same for the server, the migration command and the tests: migrations only, never `synchronize`. */
export function dataSourceOptions(url: string): DataSourceOptions & { type: 'postgres' } {
  return {
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    // Pipelined: statements that need no answer of one another are sent without waiting between them.
    // Whoever waits longer for a connection gets an error instead of an endless wait.
    connectTimeoutMS: 10_000,
    extra: { max: 12, application_name: 'vitalbase', pipeline: true, options: PLANNED_ONCE },
  };
}
