import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { serverSettings } from '../config/env';
import { looksLikeKey } from './api-key-format';
import { ApiKeysService } from './api-keys.service';
import { rememberCaller } from './caller';
import { bringsCredential } from './credential';
import { DeveloperTokens } from './developers/developer-tokens';
import { SessionsService } from './developers/sessions.service';
import { rememberSignedIn, type SignedIn } from './developers/signed-in';
import { DEVELOPER, OPEN_METADATA, SCOPE_METADATA, type OpeningSetting, type ScopeName } from './scope';

/** Who may call what. It denies by default: a handler that declares nothing is reachable by nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly settings = serverSettings();

  constructor(
    private readonly reflector: Reflector,
    private readonly apiKeys: ApiKeysService,
    private readonly tokens: DeveloperTokens,
    private readonly sessions: SessionsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const needed = this.reflector.getAllAndOverride<ScopeName | typeof DEVELOPER | 'public' | undefined>(
      SCOPE_METADATA,
      [context.getHandler(), context.getClass()],
    );
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (needed === 'public' || this.isOpen(context, request)) return true;
    const who = await this.signedIn(request, needed);
    if (needed === undefined) throw new ForbiddenException('Nobody may call this operation.');
    if (who !== null) {
      rememberSignedIn(request, who);
      rememberCaller(request, `developer ${who.developer.id}`);
      return true;
    }
    if (needed === DEVELOPER) throw new UnauthorizedException(NOT_SIGNED_IN);
    const { id, scopes } = await this.apiKeys.authenticate(presentedKey(request));
    rememberCaller(request, `key ${id}`);
    if (scopes.includes(needed)) return true;
    throw new ForbiddenException(
      `This API key lacks the scope '${needed}'. It has: ${scopes.join(', ')}. Use a key with '${needed}'.`,
    );
  }

  private isOpen(context: ExecutionContext, request: FastifyRequest): boolean {
    const setting = this.reflector.get<OpeningSetting | undefined>(OPEN_METADATA, context.getHandler());
    return setting !== undefined && this.settings[setting] && !bringsCredential(request);
  }

  /**
   * @returns null without a developer's valid token; then an API key may still do
   * @throws UnauthorizedException for a token of an app where only developers are let in
   */
  private async signedIn(request: FastifyRequest, needed: string | undefined): Promise<SignedIn | null> {
    const bearer = bearerOf(request);
    const token = bearer === undefined || looksLikeKey(bearer) ? null : this.tokens.verify(bearer);
    if (token?.kind === 'developer') return this.sessions.developerOf(token.claims);
    if (token?.kind === 'sdk' && needed === DEVELOPER) throw new UnauthorizedException(SDK_TOKEN);
    return null;
  }
}

const NOT_SIGNED_IN = 'Could not validate credentials';
const SDK_TOKEN = 'SDK tokens cannot access this endpoint';

const bearerOf = ({ headers }: FastifyRequest) => /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];

/** @throws UnauthorizedException */
function presentedKey(request: FastifyRequest): string {
  const bearer = bearerOf(request);
  const { 'x-open-wearables-api-key': theirs, 'x-api-key': short } = request.headers;
  const key = [theirs, short, bearer && looksLikeKey(bearer) ? bearer : undefined].find(Boolean);
  if (typeof key === 'string') return key;
  throw new UnauthorizedException('Authentication required: provide JWT token or API key');
}
