import { hkdfSync } from 'node:crypto';
import { open, seal } from './sealed-box';

/** The one place in the database where a secret may stand. */
export interface SecretPlace {
  table: string;
  column: string;
  /** The row's primary key. */
  row: readonly string[];
}

export interface EncryptedSecret {
  /** Which of ENCRYPTION_KEYS encrypted it. */
  keyId: string;
  ciphertext: Buffer;
}

export class UnknownEncryptionKey extends Error {
  override readonly name = 'UnknownEncryptionKey';
  constructor(keyId: string) {
    super(
      `ENCRYPTION_KEYS holds no key named '${keyId}', under which stored secrets are encrypted: add it again`,
    );
  }
}

/**
 * Encrypts secrets for the database. A ciphertext is bound to its table, column, row and key id: copied anywhere
 * else it does not open. Each column has a key of its own, derived by HKDF-SHA256 (RFC 5869).
 */
export class TokenVault {
  private readonly masterKeys = new Map<string, Buffer>();
  private readonly columnKeys = new Map<string, Buffer>();
  private readonly currentKeyId: string;

  /** @param encryptionKeys `<id>:<base64 of 32 bytes>`; the first encrypts, all decrypt */
  constructor(encryptionKeys: readonly string[]) {
    for (const entry of encryptionKeys) {
      const [id, key] = entry.split(':', 2);
      if (this.masterKeys.has(id)) throw new Error(`ENCRYPTION_KEYS names '${id}' twice`);
      this.masterKeys.set(id, Buffer.from(key, 'base64'));
    }
    [this.currentKeyId] = this.masterKeys.keys();
  }

  encrypt(plain: string | Buffer, place: SecretPlace): EncryptedSecret {
    const keyId = this.currentKeyId;
    return { keyId, ciphertext: seal(this.keyFor(keyId, place), Buffer.from(plain), binding(place, keyId)) };
  }

  /** @throws UnknownEncryptionKey, SealRefused */
  decrypt({ keyId, ciphertext }: EncryptedSecret, place: SecretPlace): Buffer {
    return open(this.keyFor(keyId, place), ciphertext, binding(place, keyId));
  }

  private keyFor(keyId: string, { table, column }: SecretPlace): Buffer {
    const purpose = `vitalbase/${keyId}/${table}/${column}`;
    const known = this.columnKeys.get(purpose);
    if (known) return known;
    const master = this.masterKeys.get(keyId);
    if (!master) throw new UnknownEncryptionKey(keyId);
    const derived = Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), purpose, 32));
    this.columnKeys.set(purpose, derived);
    return derived;
  }
}

/** JSON, so that no two places share a text whatever their parts contain. */
const binding = ({ table, column, row }: SecretPlace, keyId: string): string =>
  JSON.stringify([table, column, row, keyId]);
