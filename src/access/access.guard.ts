import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ApiKeysService } from './api-keys.service';
import { DEVELOPER, SCOPE_METADATA, type ScopeName } from './scope';

/** The one global guard. It denies by default: a handler that declares nothing is reachable by nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly apiKeys: ApiKeysService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const needed = this.reflector.getAllAndOverride<ScopeName | typeof DEVELOPER | 'public' | undefined>(
      SCOPE_METADATA,
      [context.getHandler(), context.getClass()],
    );
    if (needed === 'public') return true;
    const { scopes } = await this.apiKeys.authenticate(
      presentedKey(context.switchToHttp().getRequest<FastifyRequest>()),
    );
    if (needed === DEVELOPER && scopes.includes('ops')) return true;
    if (needed !== undefined && scopes.includes(needed)) return true;
    throw new ForbiddenException(
      `This API key lacks the scope '${needed}'. It has: ${scopes.join(', ')}. Use a key with '${needed}'.`,
    );
  }
}

/** @throws UnauthorizedException */
function presentedKey({ headers }: FastifyRequest): string {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  const key = [headers['x-open-wearables-api-key'], headers['x-api-key'], bearer].find(Boolean);
  if (typeof key === 'string') return key;
  throw new UnauthorizedException(
    'Authentication required: provide an API key as X-Open-Wearables-API-Key, X-API-Key or Authorization: Bearer.',
  );
}
