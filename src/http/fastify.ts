import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import helmet from '@fastify/helmet';
import { BadRequestException } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isApi, serverSettings } from '../config/env';
import { answerBrokenRequest } from './broken-request';
import { allowBrowsers } from './cors';
import { MAX_BODY_BYTES, useBodies } from './json-body';
import { logRequests } from './logging';
import { sendProblem } from './problem';
import { refuseApiRequests } from './role';
import { RouteTable } from './route-table';

const SANE_REQUEST_ID = /^[\w.:-]{1,128}$/;

export const fastifyAdapter = () =>
  new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: 500 },
    requestIdHeader: false,
    trustProxy: trustedProxies(),
    genReqId: ({ headers }: IncomingMessage) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : randomUUID();
    },
    frameworkErrors: refuseUrl,
    clientErrorHandler: answerBrokenRequest,
  });

/** False: the address of a client is that of the connection, whatever headers say. */
function trustedProxies(): string | false {
  const { TRUSTED_PROXIES } = serverSettings();
  return TRUSTED_PROXIES.length > 0 && TRUSTED_PROXIES.join(', ');
}

/** A URL that the router cannot read never reaches Nest's filter. */
function refuseUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('X-Request-Id', request.id);
  const problem =
    error.code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? { status: 414, detail: 'A part of the URL is too long.' }
      : { status: 400, detail: 'The URL is malformed. Send it percent-encoded (RFC 3986).' };
  sendProblem(request, reply, problem);
}

/** Everything on the level of HTTP, before the first request and before the routes are made. */
export async function configureFastify(app: NestFastifyApplication): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  // First, so that a page can read refusals too; and before the table of routes, since its own is none to advertise.
  await allowBrowsers(app);
  const routes = app.get(RouteTable);
  fastify.addHook('onRoute', ({ url, method }) => routes.add(url, [method].flat()));
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('X-Request-Id', request.id);
    // By the route: a URL may also be written as `/%61pi/`.
    if ((request.routeOptions.url ?? request.url).startsWith('/api/'))
      void reply.header('Cache-Control', 'no-store');
    const bad = request.url.includes('%00');
    done(bad ? new BadRequestException('The URL has a NUL character (%00). Leave it out.') : undefined);
  });
  if (!isApi()) refuseApiRequests(fastify);
  logRequests(app);
  useBodies(app);
  // Without TLS in front, browsers would look for the API page's own files at an https address that is not there.
  await app.register(helmet, { contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
}
