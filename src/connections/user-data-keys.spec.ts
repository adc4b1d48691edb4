import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { openDatabase } from '../../test/support/open-database';
import { DataKey } from './data-key.entity';
import { SealRefused } from './sealed-box';
import { TokenVault } from './token-vault';
import { UserDataKeys } from './user-data-keys';

const vault = new TokenVault([`test:${Buffer.alloc(32, 11).toString('base64')}`]);
const answer = Buffer.from('{"value":71}');

describe(UserDataKeys.name, () => {
  let database: DataSource;
  const keys = new UserDataKeys(vault);
  beforeAll(async () => {
    database = await openDatabase([DataKey]);
  });
  afterAll(() => database?.destroy());

  const cipherOf = (userId: string) => keys.get(database.manager, userId);

  it('seals with a key of the user, the same every time', async () => {
    const userId = randomUUID();
    const sealed = (await cipherOf(userId)).seal(answer, 'raw_answer 1');
    expect(sealed.includes('71')).toBe(false);
    expect((await cipherOf(userId)).open(sealed, 'raw_answer 1').equals(answer)).toBe(true);
    expect(await database.manager.countBy(DataKey, { userId })).toBe(1);
  });

  it('does not open in another context, nor with the key of another user', async () => {
    const [mine, other] = [await cipherOf(randomUUID()), await cipherOf(randomUUID())];
    const sealed = mine.seal(answer, 'raw_answer 1');
    expect(() => mine.open(sealed, 'raw_answer 2')).toThrow(SealRefused);
    expect(() => other.open(sealed, 'raw_answer 1')).toThrow(SealRefused);
  });

  it("does not take one user's wrapped key for another's", async () => {
    const [userId, thief] = [randomUUID(), randomUUID()];
    await cipherOf(userId);
    const { wrappedKey, keyId } = await database.manager.findOneByOrFail(DataKey, { userId });
    await database.manager.insert(DataKey, { userId: thief, wrappedKey, keyId });
    await expect(cipherOf(thief)).rejects.toThrow(SealRefused);
  });

  it('forgets a key whose transaction was rolled back', async () => {
    const userId = randomUUID();
    const lost = database.transaction(async (manager) => {
      await keys.get(manager, userId);
      throw new Error('rolled back');
    });
    await expect(lost).rejects.toThrow('rolled back');
    const sealed = (await cipherOf(userId)).seal(answer, 'raw_answer 1');
    expect((await cipherOf(userId)).open(sealed, 'raw_answer 1').equals(answer)).toBe(true);
  });

  it('makes one key when several first uses meet', async () => {
    const userId = randomUUID();
    const ciphers = await Promise.all(
      Array.from({ length: 8 }, () => database.transaction((manager) => keys.get(manager, userId))),
    );
    const sealed = ciphers[0].seal(answer, 'raw_answer 1');
    for (const cipher of ciphers) expect(cipher.open(sealed, 'raw_answer 1').equals(answer)).toBe(true);
  });
});
