import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { serverSettings } from '../config/env';
import { Clock } from '../database/clock';
import type { TokenAnswer } from '../providers/token-endpoint';
import type { Credential } from './credential.entity';
import { TokenVault } from './token-vault';

/** A pair of tokens that the vendor gave, in place of the stored one of this version. */
export interface ReceivedPair {
  userId: string;
  connectionId: string;
  tokenVersion: number;
  receivedAt: Date;
  tokens: TokenAnswer;
}

type Key = Pick<Credential, 'userId' | 'connectionId' | 'tokenVersion'>;
type Sealed = Key & { receivedAt: string; keyId: string; ciphertext: string };

const SUFFIX = '.json';

/**
 * Pairs from the moment they arrive until the database has them, since the pair before is dead by then: a file for
 * each, encrypted and on the disk before anything else happens. In a folder that cannot be written to, memory has to do.
 */
@Injectable()
export class TokenJournal implements OnModuleInit {
  private readonly logger = new Logger(TokenJournal.name);
  private readonly folder = serverSettings().JOURNAL_DIR;
  private readonly held = new Map<string, ReceivedPair>();
  private readonly unreadable = new Set<string>();
  private durable = true;

  constructor(
    private readonly vault: TokenVault,
    private readonly clock: Clock,
  ) {}

  /** Whether a pair would outlive this process. */
  get isDurable(): boolean {
    return this.durable;
  }

  async onModuleInit(): Promise<void> {
    await this.writing(async () => {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      // Of its own name: several processes may start at once.
      const probe = `${randomUUID()}.tmp`;
      await this.save(probe, '');
      await rm(join(this.folder, probe));
    });
  }

  async keep({ userId, connectionId, tokenVersion }: Key, tokens: TokenAnswer): Promise<ReceivedPair> {
    const pair = { userId, connectionId, tokenVersion, receivedAt: this.clock.now(), tokens };
    this.held.set(nameOf(pair), pair);
    await this.writing(() => this.save(nameOf(pair), JSON.stringify(this.sealed(pair))));
    return pair;
  }

  /** The pair that replaces this version, if it came and is not stored: of this process, or one that shared the folder. */
  async find(key: Key): Promise<ReceivedPair | null> {
    return this.held.get(nameOf(key)) ?? (await this.read(nameOf(key)));
  }

  /** What other processes left behind, dead or about to store it. */
  async leftBehind(): Promise<ReceivedPair[]> {
    const names = await readdir(this.folder).catch(() => []);
    const theirs = names.filter((name) => name.endsWith(SUFFIX) && !this.held.has(name));
    const pairs = await Promise.all(theirs.map((name) => this.read(name)));
    return pairs.filter((pair) => pair !== null);
  }

  async forget(pair: ReceivedPair): Promise<void> {
    this.held.delete(nameOf(pair));
    await rm(join(this.folder, nameOf(pair)), { force: true }).catch(() => undefined);
  }

  private async writing(write: () => Promise<void>): Promise<void> {
    try {
      await write();
      this.durable = true;
    } catch (error) {
      if (this.durable) {
        this.logger.warn({
          msg: 'JOURNAL_DIR cannot be written to: tokens are kept in memory only',
          err: error,
        });
      }
      this.durable = false;
    }
  }

  /** There as a whole or not at all, and on the disk when this returns. */
  private async save(name: string, text: string): Promise<void> {
    const unfinished = join(this.folder, `${name}.unfinished`);
    const file = await open(unfinished, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, join(this.folder, name));
    const folder = await open(this.folder, 'r');
    await folder.sync().finally(() => folder.close());
  }

  private async read(name: string): Promise<ReceivedPair | null> {
    const text = await readFile(join(this.folder, name), 'utf8').catch(() => null);
    if (text === null || this.unreadable.has(name)) return null;
    try {
      return this.opened(JSON.parse(text));
    } catch (error) {
      this.unreadable.add(name);
      this.logger.error({ msg: 'a file of the token journal cannot be read', file: name, err: error });
      return null;
    }
  }

  private sealed({ receivedAt, tokens, ...key }: ReceivedPair): Sealed {
    const head = { ...key, receivedAt: receivedAt.toISOString() };
    const { keyId, ciphertext } = this.vault.encrypt(JSON.stringify(tokens), placeOf(head));
    return { ...head, keyId, ciphertext: ciphertext.toString('base64') };
  }

  private opened({ keyId, ciphertext, ...head }: Sealed): ReceivedPair {
    const sealed = { keyId, ciphertext: Buffer.from(ciphertext, 'base64') };
    const tokens: TokenAnswer = JSON.parse(this.vault.decrypt(sealed, placeOf(head)).toString());
    return { ...head, receivedAt: new Date(head.receivedAt), tokens };
  }
}

/** Whether it replaces the stored pair: whoever was faster has a newer version, a sign-in has a younger pair. */
export const replaces = (
  pair: ReceivedPair,
  stored: Pick<Credential, 'tokenVersion' | 'issuedAt'>,
): boolean => pair.tokenVersion === stored.tokenVersion && pair.receivedAt >= stored.issuedAt;

const nameOf = ({ connectionId, tokenVersion }: Key): string => `${connectionId}.${tokenVersion}${SUFFIX}`;

const placeOf = ({
  userId,
  connectionId,
  tokenVersion,
  receivedAt,
}: Omit<Sealed, 'keyId' | 'ciphertext'>) => ({
  table: 'token_journal',
  column: 'tokens',
  row: [userId, connectionId, String(tokenVersion), receivedAt],
});
