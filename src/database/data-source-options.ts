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
    extra: { max: 12, application_name: 'vitalbase', pipeline: true },
  };
}
