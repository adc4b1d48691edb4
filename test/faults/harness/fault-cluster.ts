import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { ApiKey } from '../../../src/access/api-key.entity';
import { ApiKeysService } from '../../../src/access/api-keys.service';
import { Developer } from '../../../src/access/developers/developer.entity';
import { SCOPES } from '../../../src/access/scope';
import { Clock } from '../../../src/database/clock';
import { dataSourceOptions } from '../../../src/database/data-source-options';
import {
  deleteEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../../src/database/embedded-postgres';
import { TEST_ENVIRONMENT } from '../../support/app';

const TEMPLATE = 'fault_template';

/** One PostgreSQL with fsync on for the whole suite, and a database of its own for each scenario. */
export class FaultCluster {
  private constructor(
    /** Of databases and logs; as root the database server runs as another user, who must be able to enter. */
    readonly directory: string,
    /** Opens every database of the suite, with every scope. */
    readonly apiKey: string,
    private readonly postgres: EmbeddedPostgres,
    private readonly admin: DataSource,
  ) {}

  static async start(): Promise<FaultCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'vitalbase-faults-'));
    await chmod(directory, 0o755);
    const postgres = await startEmbeddedPostgres({ ...optionsOf(directory), maxConnections: 200 });
    const admin = await new DataSource(dataSourceOptions(postgres.url)).initialize();
    await admin.query(`CREATE DATABASE ${TEMPLATE}`);
    const apiKey = await prepareTemplate(databaseUrl(postgres.url, TEMPLATE));
    return new FaultCluster(directory, apiKey, postgres, admin);
  }

  /** A migrated database of one's own. @returns its URL */
  async createDatabase(name: string): Promise<string> {
    const database = `faults_${name.replaceAll('-', '_')}`;
    await this.admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await this.admin.query(`CREATE DATABASE ${database} TEMPLATE ${TEMPLATE}`);
    return databaseUrl(this.postgres.url, database);
  }

  logFile(name: string): string {
    return join(this.directory, `${name}.log`);
  }

  /** @param keep leaves the logs where they are */
  async stop({ keep }: { keep: boolean }): Promise<void> {
    await this.admin.destroy();
    await this.postgres.stop();
    if (!keep) await deleteEmbeddedPostgres(optionsOf(this.directory));
  }
}

const optionsOf = (directory: string) => ({
  directory,
  durable: true,
  log: (line: string) => process.stderr.write(`${line}\n`),
});

async function prepareTemplate(url: string): Promise<string> {
  Object.assign(process.env, TEST_ENVIRONMENT, { DATABASE_URL: url });
  const options = { ...dataSourceOptions(url), entities: [ApiKey, Developer] };
  const template = await new DataSource(options).initialize();
  await template.runMigrations();
  const keys = new ApiKeysService(template.getRepository(ApiKey), new Clock());
  const { key } = await keys.create({ name: 'fault suite', scopes: SCOPES, environment: 'test' });
  await template.destroy();
  return key;
}

const databaseUrl = (server: string, database: string) =>
  Object.assign(new URL(server), { pathname: `/${database}` }).href;
