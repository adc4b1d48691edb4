import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import type { Surroundings } from './database/database.module';
import { configureFastify, fastifyAdapter } from './http/fastify';
import { serveDocs } from './openapi';

/** What clients and probes look for at fixed places. */
const OUTSIDE_OF_THE_API = ['/', 'health/live', 'health/ready', 'metrics', 'static/provider-icons/:file'];

/**
 * The whole server, not yet listening: used by `main.ts` and by the tests alike.
 * @param extra further modules, such as a provider of one's own
 */
export async function createApp(
  extra: Type[] = [],
  surroundings: Surroundings = {},
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(extra, surroundings),
    fastifyAdapter(),
    { logger: ['fatal', 'error', 'warn'], abortOnError: false },
  );
  app.useLogger(app.get(Logger));
  app.setGlobalPrefix('api/v1', { exclude: OUTSIDE_OF_THE_API });
  await configureFastify(app);
  serveDocs(app);
  return app;
}
