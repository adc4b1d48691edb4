import fastifyCors from '@fastify/cors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accountSettings } from '../config/env';

/** How long a browser need not ask again, in seconds. */
const PREFLIGHT_MAX_AGE_S = 600;

/**
 * Web pages of the listed origins may call the API from a browser (WHATWG Fetch, section 3.2), with whatever headers they
 * ask for: it is the origin that is trusted.
 */
export async function allowBrowsers(app: NestFastifyApplication): Promise<void> {
  const { CORS_ORIGINS, OAUTH_REDIRECT_ORIGINS } = accountSettings();
  const listed = new Set(CORS_ORIGINS ?? OAUTH_REDIRECT_ORIGINS);
  await app.register(fastifyCors, {
    origin: (origin, done) => done(null, origin !== undefined && listed.has(origin) ? origin : false),
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: [
      'X-Request-Id',
      'Retry-After',
      'RateLimit-Limit',
      'RateLimit-Remaining',
      'RateLimit-Reset',
    ],
    maxAge: PREFLIGHT_MAX_AGE_S,
    strictPreflight: false,
  });
}
