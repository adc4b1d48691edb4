import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

export const MAX_BODY_BYTES = 1_048_576;

/**
 * JSON bodies, and forms where a route takes them. Clients send `Content-Type: application/json` on every call, also on
 * those without a body, which Fastify's own parser refuses.
 */
export function useBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  // Without a parser of its own, plain text is answered 415 like every other type.
  fastify.removeContentTypeParser('text/plain');
  app.useBodyParser('application/json', { bodyLimit: MAX_BODY_BYTES }, (_request, body, done) => {
    done(null, parseBody(body.toString()));
  });
  fastify.addContentTypeParser('multipart/form-data', refuseFiles);
  app.useBodyParser(
    'application/x-www-form-urlencoded',
    { bodyLimit: MAX_BODY_BYTES },
    ({ routeOptions }, body, done) => {
      if (routeOptions.config.takesForms !== true) throw new UnsupportedMediaTypeException();
      done(null, parseForm(body.toString()));
    },
  );
}

/** Of a field that is sent twice, the last one counts. */
function parseForm(text: string): object {
  const fields = [...new URLSearchParams(text)];
  for (const [name, value] of fields) acceptable(name, value);
  return Object.fromEntries(fields);
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Clients send files here: the route gets none of them, and answers without waiting for their end. */
    takesFiles?: boolean;
    /** HTML forms are taken beside JSON. */
    takesForms?: boolean;
  }
}

function refuseFiles(request: FastifyRequest, _body: unknown, done: (error: Error | null) => void): void {
  done(request.routeOptions.config.takesFiles === true ? null : new UnsupportedMediaTypeException());
}

function parseBody(text: string): object | undefined {
  if (text.trim() === '') return undefined;
  const value = parseJson(text);
  // What some clients make of a body that is not there.
  if (value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new BadRequestException(
      'The body is not a JSON object. Send one object, such as {} or {"name": "value"}.',
    );
  }
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => acceptable(key, value));
  } catch (error) {
    if (error instanceof BadRequestException) throw error;
    throw new BadRequestException(
      'The body is not valid JSON. Send one JSON object, such as {} or {"name": "value"}.',
    );
  }
}

/** PostgreSQL text holds no NUL, and `__proto__` as a key would reach the prototype of what is made of the body. */
function acceptable(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new BadRequestException('The body has a key __proto__. Leave it out.');
  if (key.includes('\0') || (typeof value === 'string' && value.includes('\0'))) {
    throw new BadRequestException('The body has a NUL character (\\u0000). Leave it out.');
  }
  return value;
}
