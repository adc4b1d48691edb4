import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module';

/** The whole server, not yet listening: used by `main.ts` and by the tests alike. */
export async function createApp(extra: Type[] = []): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(extra),
    new FastifyAdapter(),
  );
  app.setGlobalPrefix('api/v1');
  return app;
}
