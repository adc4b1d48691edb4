import {
  HttpException,
  HttpStatus,
  Injectable,
  Logger,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { serverSettings } from '../config/env';
import { AccessGuard } from './access.guard';
import { callerOf } from './caller';
import { RateLimits, type Limited, type Standing } from './rate-limits';
import { THROTTLED_METADATA } from './scope';

/**
 * Lets the access guard decide, and counts what it has decided about: a valid credential for itself, everybody else by
 * address. Health and metrics, which lie outside of the API, are not counted.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly logger = new Logger(RateLimitGuard.name);
  private mayWarn = serverSettings().TRUSTED_PROXIES.length === 0;

  constructor(
    private readonly access: AccessGuard,
    private readonly limits: RateLimits,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    // The route and not the URL, which may write it in more than one way.
    if (!request.routeOptions.url?.startsWith('/api/')) return this.access.canActivate(context);
    try {
      return await this.access.canActivate(context);
    } finally {
      // A refusal counts too, and its own answer gives way to 429.
      await this.count(context, request);
    }
  }

  private async count(context: ExecutionContext, request: FastifyRequest): Promise<void> {
    const who = this.limitedOf(context, request);
    const standing = await this.limits.count(who);
    if (standing === null) return;
    tell(context.switchToHttp().getResponse<FastifyReply>(), standing);
    if (standing.isOver) throw tooMany(who, standing);
  }

  private limitedOf(context: ExecutionContext, request: FastifyRequest): Limited {
    const caller = callerOf(request);
    if (caller !== undefined) return { caller };
    if (this.mayWarn && request.headers['x-forwarded-for'] !== undefined) this.warn();
    const throttled =
      this.reflector.get<boolean | undefined>(THROTTLED_METADATA, context.getHandler()) ?? false;
    return { address: request.ip, throttled };
  }

  private warn(): void {
    this.mayWarn = false;
    this.logger.warn(
      'Requests come through a proxy that TRUSTED_PROXIES does not name: all clients without a credential are limited as one.',
    );
  }
}

function tell(reply: FastifyReply, { limit, remaining, resetSeconds, isOver }: Standing): void {
  void reply
    .header('RateLimit-Limit', limit)
    .header('RateLimit-Remaining', remaining)
    .header('RateLimit-Reset', resetSeconds);
  if (isOver) void reply.header('Retry-After', resetSeconds);
}

function tooMany(who: Limited, { limit, windowSeconds, resetSeconds }: Standing): HttpException {
  const whose = 'caller' in who ? 'this credential' : 'this address without a valid credential';
  return new HttpException(
    `Too many requests: at most ${limit} in ${windowSeconds} seconds for ${whose}. Wait ${resetSeconds} seconds, as Retry-After says, and send it again.`,
    HttpStatus.TOO_MANY_REQUESTS,
  );
}
