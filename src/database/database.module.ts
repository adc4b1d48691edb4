import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { durationMs, serverSettings } from '../config/env';
import { Clock } from './clock';
import { ClockCheck } from './clock-check';
import { dataSourceOptions } from './data-source-options';
import { Failpoints } from './failpoints';
import { JobQueue } from './job-queue';
import { Random } from './random';

/** What a server takes as given; tests hand in their own. */
export interface Surroundings {
  /** False for an app that is only looked at, such as for its API document: it needs no database. */
  connect?: boolean;
  clock?: Clock;
  failpoints?: Failpoints;
}

/**
 * PostgreSQL ends a transaction whose process says nothing more for the time of a lease: one that was stopped in the
 * middle of a day must not hold its connection's row for longer than the connection itself.
 */
function serverDataSource(connect: boolean): TypeOrmModuleOptions {
  const { DATABASE_URL, SYNC_LEASE } = serverSettings();
  const options = dataSourceOptions(DATABASE_URL!);
  return {
    ...options,
    extra: { ...options.extra, idle_in_transaction_session_timeout: durationMs(SYNC_LEASE) },
    autoLoadEntities: true,
    migrationsRun: true,
    retryAttempts: 3,
    manualInitialization: !connect,
  };
}

@Global()
@Module({})
export class DatabaseModule {
  static forRoot({
    connect = true,
    clock = new Clock(),
    failpoints = new Failpoints(),
  }: Surroundings = {}): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: Clock, useValue: clock },
        { provide: Failpoints, useValue: failpoints },
        Random,
        ClockCheck,
        JobQueue,
      ],
      exports: [Clock, Failpoints, Random, JobQueue],
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => serverDataSource(connect),
        }),
      ],
    };
  }
}
