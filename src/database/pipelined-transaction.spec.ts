import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { openDatabase } from '../../test/support/open-database';
import { pipelinedTransaction } from './pipelined-transaction';
import { prepared, TransactionEnded } from './prepared';

describe(pipelinedTransaction.name, () => {
  let database: DataSource;
  beforeAll(async () => {
    database = await openDatabase([]);
    await database.query('CREATE TABLE note (text text PRIMARY KEY)');
  });
  beforeEach(() => database.query('TRUNCATE note'));
  afterAll(() => database?.destroy());

  const write = (manager: EntityManager, text: string) =>
    prepared(manager, 'INSERT INTO note VALUES ($1)', [text]);
  const written = async () =>
    (await database.query('SELECT text FROM note ORDER BY text')).map(({ text }: { text: string }) => text);

  it('commits all statements, also the last, and gives the result', async () => {
    const result = await pipelinedTransaction(database, async (manager) => {
      await Promise.all([write(manager, 'first'), write(manager, 'second')]);
      return { result: 42, last: write(manager, 'third') };
    });
    expect(result).toBe(42);
    expect(await written()).toEqual(['first', 'second', 'third']);
  });

  it('writes nothing when a statement fails', async () => {
    const failing = pipelinedTransaction(database, async (manager) => {
      await Promise.all([write(manager, 'twice'), write(manager, 'twice'), write(manager, 'other')]);
      return { result: null, last: Promise.resolve() };
    });
    await expect(failing).rejects.toThrow('note_pkey');
    expect(await written()).toEqual([]);
  });

  it('writes nothing when the last statement fails', async () => {
    const failing = pipelinedTransaction(database, async (manager) => {
      await write(manager, 'twice');
      return { result: null, last: write(manager, 'twice') };
    });
    await expect(failing).rejects.toThrow('note_pkey');
    expect(await written()).toEqual([]);
  });

  it('lets no statement out after the end, and gives the connection back in order', async () => {
    let straggler: Promise<unknown> = Promise.resolve();
    const failing = pipelinedTransaction(database, async (manager) => {
      straggler = sleep(30).then(() => write(manager, 'late'));
      straggler.catch(() => {});
      await write(manager, 'early');
      throw new Error('a bug');
    });
    await expect(failing).rejects.toThrow('a bug');
    await expect(straggler).rejects.toThrow(TransactionEnded);
    expect(await written()).toEqual([]);
    await pipelinedTransaction(database, async (manager) => ({ result: null, last: write(manager, 'next') }));
    expect(await written()).toEqual(['next']);
  });
});
