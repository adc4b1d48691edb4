import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Whether a caller tries to say who it is: with an API key or a token, valid or not. */
export const bringsCredential = ({ headers }: FastifyRequest): boolean =>
  [headers.authorization, headers['x-open-wearables-api-key'], headers['x-api-key']].some(Boolean);

/** For a handler with `@OpenIf`: true where it was called without a credential. */
export const IsAnonymous = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    !bringsCredential(context.switchToHttp().getRequest<FastifyRequest>()),
);
