import { DataSource } from 'typeorm';
import { startApp, type TestApp } from './support/app';

describe('the migrations', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(() => server?.close());

  it('build exactly the schema that the entities describe', async () => {
    const database = server.app.get(DataSource);
    expect(database.entityMetadatas.length).toBeGreaterThan(0);
    const { upQueries } = await database.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
