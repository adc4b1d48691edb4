import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LoggerModule, PinoLogger } from 'nestjs-pino';
import { stdTimeFunctions, type SerializedError } from 'pino';
import type { Options } from 'pino-http';
import { serverSettings } from '../config/env';

/** Nest's own account of every module and route, which drowns the one line that matters at the start. */
const FRAMEWORK_BOOT = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

const INFO = 30;

/** JSON lines on standard output. What is logged about a request or an error is an allow-list, never a deny-list. */
export const logOptions = (level: string): Options => ({
  level,
  base: null,
  timestamp: stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  autoLogging: false,
  quietReqLogger: true,
  customAttributeKeys: { reqId: 'request_id' },
  serializers: { err: errorForLog },
  hooks: {
    logMethod(args, method, level) {
      if (level <= INFO && isFrameworkBoot(args[0])) return;
      method.apply(this, args);
    },
  },
});

export const loggingModule = (): DynamicModule =>
  LoggerModule.forRootAsync({ useFactory: () => ({ pinoHttp: logOptions(serverSettings().LOG_LEVEL) }) });

const isFrameworkBoot = (entry: unknown) =>
  typeof entry === 'object' &&
  entry !== null &&
  FRAMEWORK_BOOT.has((entry as { context?: string }).context ?? '');

/** Errors of drivers and HTTP clients carry query parameters, headers and bodies; none of that is logged. */
function errorForLog({ type, code, message, stack }: SerializedError) {
  return { type, code: code as unknown, message, stack };
}

/** One line an answered request: the route's pattern and not its URL, so no id and no query value. */
export function logRequests(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url;
    const level = route?.startsWith('/health/') ? 'debug' : 'info';
    PinoLogger.root[level](
      {
        request_id: request.id,
        method: request.method,
        route: route ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
    done();
  });
}
