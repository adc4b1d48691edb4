import type { Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { createDatabase } from '../setup/database';
import { TEST_ENVIRONMENT } from './app';

/** A migrated database of one's own, without a server around it. The environment is set to it. */
export async function openDatabase(entities: Type[]): Promise<DataSource> {
  const url = await createDatabase();
  Object.assign(process.env, TEST_ENVIRONMENT, { DATABASE_URL: url });
  return new DataSource({ ...dataSourceOptions(url), entities }).initialize();
}
