import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { serverSettings } from '../config/env';
import { Clock } from './clock';
import { dataSourceOptions } from './data-source-options';

@Global()
@Module({ providers: [Clock], exports: [Clock] })
export class DatabaseModule {
  /** @param connect false for an app that is only looked at, such as for its API document */
  static forRoot({ connect = true } = {}): DynamicModule {
    return {
      module: DatabaseModule,
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
