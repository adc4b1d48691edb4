import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { serverSettings } from '../config/env';
import { Clock } from './clock';
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
        JobQueue,
      ],
      exports: [Clock, Failpoints, Random, JobQueue],
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            ...dataSourceOptions(serverSettings().DATABASE_URL!),
            autoLoadEntities: true,
            migrationsRun: true,
            retryAttempts: 3,
            manualInitialization: !connect,
          }),
        }),
      ],
    };
  }
}
