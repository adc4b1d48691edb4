import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable, NotFoundException, UnauthorizedException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type EntityManager, type Repository } from 'typeorm';
import { serverSettings } from '../config/env';
import { Clock } from '../database/clock';
import { formatKey, parseKey, randomKey, type KeyEnvironment } from './api-key-format';
import { ApiKey } from './api-key.entity';
import type { ScopeName } from './scope';

/** How long a key that was revoked elsewhere may still work on a process that has just seen it. */
const CACHE_MS = 5_000;
const CACHE_SIZE = 1_000;

export interface NewKey {
  name: string;
  scopes: readonly string[];
  environment: KeyEnvironment;
  createdBy?: string | null;
}

export interface MadeKey {
  /** In clear: shown this once, and stored nowhere. */
  key: string;
  stored: ApiKey;
}

@Injectable()
export class ApiKeysService {
  private readonly settings = serverSettings();
  private readonly seen = new Map<string, { key: ApiKey; until: number }>();

  constructor(
    @InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>,
    private readonly clock: Clock,
  ) {}

  create(wanted: NewKey): Promise<MadeKey> {
    return this.insert(this.keys.manager, wanted);
  }

  /** For this server's environment. */
  createFor(createdBy: string, name: string, scopes: readonly ScopeName[]): Promise<MadeKey> {
    return this.create({ name, scopes, environment: this.settings.VITALBASE_ENV, createdBy });
  }

  /** Those that have not been revoked, the newest first. */
  list(): Promise<ApiKey[]> {
    return this.keys.find({ where: { revokedAt: IsNull() }, order: { createdAt: 'DESC', id: 'ASC' } });
  }

  /** @throws NotFoundException */
  async rename(handle: string, name: string): Promise<ApiKey> {
    const key = await this.get(this.keys.manager, handle);
    await this.keys.update({ id: key.id }, { name });
    return Object.assign(key, { name });
  }

  /** @throws NotFoundException */
  async revoke(handle: string): Promise<ApiKey> {
    const revoked = await this.keys.manager.transaction((manager) => this.revokeIn(manager, handle));
    this.seen.delete(revoked.id);
    return revoked;
  }

  /** A new secret under the same name with the same scopes; the old key stops. @throws NotFoundException */
  async rotate(handle: string, createdBy: string): Promise<MadeKey> {
    const [old, made] = await this.keys.manager.transaction(async (manager) => {
      const key = await this.revokeIn(manager, handle);
      const { name, scopes, environment } = key;
      return [key, await this.insert(manager, { name, scopes, environment, createdBy })] as const;
    });
    this.seen.delete(old.id);
    return made;
  }

  /** @throws UnauthorizedException */
  async authenticate(text: string): Promise<ApiKey> {
    const parts = parseKey(text);
    if (parts === null) throw new UnauthorizedException(INVALID);
    if (parts.environment !== this.settings.VITALBASE_ENV) throw wrongEnvironment(parts.environment);
    const key = await this.find(parts.id);
    if (key === null || key.revokedAt !== null || !this.isSecretOf(key, parts.secret)) {
      throw new UnauthorizedException(INVALID);
    }
    // A row moved from a test database into a live one keeps its environment, whatever its key says.
    if (key.environment !== parts.environment) throw wrongEnvironment(key.environment);
    return key;
  }

  private async insert(
    manager: EntityManager,
    { name, scopes, environment, createdBy = null }: NewKey,
  ): Promise<MadeKey> {
    const parts = randomKey(environment);
    const stored: ApiKey = {
      id: parts.id,
      name,
      environment,
      secretHmac: this.hmac(parts.secret),
      scopes: [...scopes],
      createdAt: this.clock.now(),
      createdBy,
      revokedAt: null,
    };
    await manager.insert(ApiKey, stored);
    return { key: formatKey(parts), stored };
  }

  private async revokeIn(manager: EntityManager, handle: string): Promise<ApiKey> {
    const key = await this.get(manager, handle);
    const revokedAt = this.clock.now();
    // Of two at once, one finds it revoked.
    const { affected } = await manager.update(ApiKey, { id: key.id, revokedAt: IsNull() }, { revokedAt });
    if (affected === 0) throw notFound(key.id);
    return Object.assign(key, { revokedAt });
  }

  /** @param handle the id of a list, or the whole key, as its maker was given it */
  private async get(manager: EntityManager, handle: string): Promise<ApiKey> {
    const parts = parseKey(handle);
    const id = parts?.id ?? idOfHandle(handle);
    const key = id === undefined ? null : await manager.findOneBy(ApiKey, { id, revokedAt: IsNull() });
    if (key === null || (parts !== null && !this.isSecretOf(key, parts.secret))) throw notFound(id);
    return key;
  }

  private async find(id: string): Promise<ApiKey | null> {
    const now = this.clock.now().getTime();
    const cached = this.seen.get(id);
    if (cached !== undefined && now < cached.until) return cached.key;
    const key = await this.keys.findOneBy({ id });
    if (this.seen.size >= CACHE_SIZE) this.seen.clear();
    if (key !== null) this.seen.set(id, { key, until: now + CACHE_MS });
    return key;
  }

  private isSecretOf(key: ApiKey, secret: string): boolean {
    return timingSafeEqual(key.secretHmac, this.hmac(secret));
  }

  private hmac(secret: string): Buffer {
    return createHmac('sha256', Buffer.from(this.settings.API_KEY_PEPPER, 'base64')).update(secret).digest();
  }
}

const INVALID = 'Invalid or missing API key';

/** What stands for a key where the key itself is not shown any more. */
export const handleOf = ({ id }: Pick<ApiKey, 'id'>): string => `key_${id}`;

const idOfHandle = (handle: string) => /^key_([0-9A-Za-z]{12})$/.exec(handle)?.[1];

/** Says nothing of a text that may be a key with a typo in it. */
const notFound = (id: string | undefined) =>
  new NotFoundException(`ApiKey with ID: ${id === undefined ? 'this one' : handleOf({ id })} not found.`);

function wrongEnvironment(environment: KeyEnvironment): UnauthorizedException {
  const taken = environment === 'test' ? 'live' : 'test';
  return new UnauthorizedException(
    `${INVALID}: this is a ${environment} key, and this server takes ${taken} keys only (sk-vb_${taken}_…).`,
  );
}
