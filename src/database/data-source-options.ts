import type { DataSourceOptions } from 'typeorm';
import { MIGRATIONS } from '../../migrations';

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
    extra: { max: 12, application_name: 'vitalbase', pipeline: true },
  };
}
