import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataKey } from './data-key.entity';
import { open, seal } from './sealed-box';
import { TokenVault } from './token-vault';

/** Encrypts one user's kept answers. */
export interface DataCipher {
  /** @param context what the result is bound to, such as table and row: it opens under the same context only */
  seal(plain: Buffer, context: string): Buffer;
  /** @throws SealRefused */
  open(sealed: Buffer, context: string): Buffer;
}

/**
 * A data key per user, wrapped by the vault: destroying the row makes the user's answers unreadable, in backups too.
 * Read anew each time, since a key remembered past a rollback or an erasure would seal data that nobody can open.
 */
@Injectable()
export class UserDataKeys {
  constructor(private readonly vault: TokenVault) {}

  /** The user's cipher; its key is made in the caller's transaction on first use. */
  async get(manager: EntityManager, userId: string): Promise<DataCipher> {
    const stored = (await this.find(manager, userId)) ?? (await this.create(manager, userId));
    const key = this.vault.decrypt({ keyId: stored.keyId, ciphertext: stored.wrappedKey }, placeOf(userId));
    return {
      seal: (plain, context) => seal(key, plain, context),
      open: (sealed, context) => open(key, sealed, context),
    };
  }

  private find(manager: EntityManager, userId: string): Promise<DataKey | null> {
    return manager.findOneBy(DataKey, { userId });
  }

  private async create(manager: EntityManager, userId: string): Promise<DataKey> {
    const { keyId, ciphertext } = this.vault.encrypt(randomBytes(32), placeOf(userId));
    await manager
      .createQueryBuilder()
      .insert()
      .into(DataKey)
      .values({ userId, keyId, wrappedKey: ciphertext })
      .orIgnore()
      .execute();
    // Another transaction may have been first; then its key is the one.
    return manager.findOneByOrFail(DataKey, { userId });
  }
}

const placeOf = (userId: string) => ({ table: 'data_key', column: 'wrapped_key', row: [userId] });
