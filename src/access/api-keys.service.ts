import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { serverSettings } from '../config/env';
import { Clock } from '../database/clock';
import { formatKey, parseKey, randomKey, type KeyEnvironment } from './api-key-format';
import { ApiKey } from './api-key.entity';
import type { ScopeName } from './scope';

/** How long a revoked key may still work on a process that has just seen it. */
const CACHE_MS = 5_000;
const CACHE_SIZE = 1_000;

@Injectable()
export class ApiKeysService {
  private readonly settings = serverSettings();
  private readonly seen = new Map<string, { key: ApiKey; until: number }>();

  constructor(
    @InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>,
    private readonly clock: Clock,
  ) {}

  /** @returns the key in clear, which is shown this once and stored nowhere */
  async create(wanted: {
    name: string;
    scopes: readonly ScopeName[];
    environment: KeyEnvironment;
  }): Promise<{ key: string; id: string }> {
    const parts = randomKey(wanted.environment);
    await this.keys.insert({
      id: parts.id,
      name: wanted.name,
      environment: wanted.environment,
      secretHmac: this.hmac(parts.secret),
      scopes: [...wanted.scopes],
      createdAt: this.clock.now(),
      revokedAt: null,
    });
    return { key: formatKey(parts), id: parts.id };
  }

  /** @throws UnauthorizedException */
  async authenticate(text: string): Promise<ApiKey> {
    const parts = parseKey(text);
    if (parts === null) throw new UnauthorizedException(INVALID);
    if (parts.environment !== this.settings.VITALBASE_ENV) throw wrongEnvironment(parts.environment);
    const key = await this.find(parts.id);
    if (key === null || key.revokedAt !== null || !timingSafeEqual(key.secretHmac, this.hmac(parts.secret))) {
      throw new UnauthorizedException(INVALID);
    }
    // A row moved from a test database into a live one keeps its environment, whatever its key says.
    if (key.environment !== parts.environment) throw wrongEnvironment(key.environment);
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

  private hmac(secret: string): Buffer {
    return createHmac('sha256', Buffer.from(this.settings.API_KEY_PEPPER, 'base64')).update(secret).digest();
  }
}

const INVALID = 'Invalid or missing API key';

function wrongEnvironment(environment: KeyEnvironment): UnauthorizedException {
  const taken = environment === 'test' ? 'live' : 'test';
  return new UnauthorizedException(
    `${INVALID}: this is a ${environment} key, and this server takes ${taken} keys only (vb_${taken}_…).`,
  );
}
