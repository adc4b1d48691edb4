import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Developer } from './developer.entity';

/** A developer with a valid access token. */
export interface SignedIn {
  developer: Developer;
  sessionId: string;
}

/** Whom the guard has let in, for the handlers behind it. */
const signedIn = new WeakMap<FastifyRequest, SignedIn>();

export const rememberSignedIn = (request: FastifyRequest, who: SignedIn): void =>
  void signedIn.set(request, who);

/** The developer who asks; in handlers with `@DeveloperOnly()` only, which nobody else reaches. */
export const Me = createParamDecorator((_data: unknown, context: ExecutionContext): SignedIn => {
  const who = signedIn.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (who === undefined)
    throw new Error('Nobody has signed in: only a handler with @DeveloperOnly() has @Me()');
  return who;
});
