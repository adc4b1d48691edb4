import '../src/config/required-node';
import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { checkedSettings, setDatabaseUrl, validateEnvironment } from '../src/config/env';
import { DatabaseModule } from '../src/database/database.module';
import { openEmbeddedPostgres } from '../src/database/embedded-postgres';
import { ReplayModule } from '../src/sync/replay.module';
import { ReplayService, type ReplayRequest } from '../src/sync/replay.service';
import { readReplayArguments, REPLAY_HELP } from './replay/arguments';
import { progressLine, ReplayReport } from './replay/report';

/** As much of the server as a replay needs: no web server, no sync. */
class ReplayCommand {
  /** A function, because the environment is validated when `ConfigModule.forRoot` runs. */
  static module(): DynamicModule {
    return {
      module: ReplayCommand,
      imports: [
        ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, validate: validateEnvironment }),
        DatabaseModule.forRoot(),
        ReplayModule,
      ],
    };
  }
}

async function main(): Promise<void> {
  const request = readReplayArguments(process.argv.slice(2));
  if (request === null) return void process.stdout.write(REPLAY_HELP);
  const { EMBEDDED_POSTGRES, EMBEDDED_POSTGRES_DIR: directory } = checkedSettings();
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const postgres = EMBEDDED_POSTGRES ? await openEmbeddedPostgres({ directory, log }) : null;
  if (postgres !== null) setDatabaseUrl(postgres.url);
  try {
    await replay(request);
  } finally {
    await postgres?.stop();
  }
}

async function replay(request: ReplayRequest): Promise<void> {
  const app = await NestFactory.createApplicationContext(ReplayCommand.module(), {
    logger: ['fatal', 'error'],
    abortOnError: false,
  });
  try {
    const replays = app.get(ReplayService);
    await replays.check(request);
    const report = new ReplayReport();
    for await (const step of replays.run(request)) {
      report.add(step);
      process.stderr.write(progressLine(step));
    }
    if (request.dryRun) process.stdout.write(report.table());
    process.stdout.write(report.totals());
    if (request.dryRun) process.stdout.write('Dry run: nothing was written.\n');
    if (report.failed > 0) process.exitCode = 1;
  } finally {
    await app.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
