import { DataSource, type DataSourceOptions } from 'typeorm';
import { serverSettings } from '../src/config/env';
import { dataSourceOptions } from '../src/database/data-source-options';
import { openEmbeddedPostgres } from '../src/database/embedded-postgres';

/**
 * The server's database for a command beside it, also when it is the embedded one.
 * @throws SettingsError
 */
export async function withDatabase(
  entities: DataSourceOptions['entities'],
  work: (database: DataSource, url: string) => Promise<void>,
): Promise<void> {
  const { DATABASE_URL, EMBEDDED_POSTGRES, EMBEDDED_POSTGRES_DIR } = serverSettings();
  const postgres = EMBEDDED_POSTGRES ? await openEmbedded(EMBEDDED_POSTGRES_DIR) : null;
  try {
    const url = postgres?.url ?? DATABASE_URL!;
    const database = new DataSource({ ...dataSourceOptions(url), entities });
    await database.initialize();
    await work(database, url).finally(() => database.destroy());
  } finally {
    await postgres?.stop();
  }
}

const openEmbedded = (directory: string) =>
  openEmbeddedPostgres({ directory, log: (line) => process.stderr.write(`${line}\n`) });
