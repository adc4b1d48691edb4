import { DataSource } from 'typeorm';
import { createDatabase } from '../../test/setup/database';
import { dataSourceOptions } from './data-source-options';

describe('connections to the database', () => {
  let url: string;
  beforeAll(async () => {
    url = await createDatabase();
  });

  it.each([
    ['', 'force_generic_plan'],
    ['?options=', 'auto'],
    ['?options=-c%20plan_cache_mode%3Dforce_custom_plan', 'force_custom_plan'],
  ])('plan a statement once, unless the URL says otherwise: "%s"', async (query, mode) => {
    const database = await new DataSource(dataSourceOptions(`${url}${query}`)).initialize();
    expect(await database.query(`SHOW plan_cache_mode`)).toEqual([{ plan_cache_mode: mode }]);
    await database.destroy();
  });
});
