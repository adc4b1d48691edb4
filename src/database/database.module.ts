import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { serverSettings } from '../config/env';
import { Clock } from './clock';
import { dataSourceOptions } from './data-source-options';

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      useFactory: () => ({
        ...dataSourceOptions(serverSettings().DATABASE_URL!),
        autoLoadEntities: true,
        migrationsRun: true,
        retryAttempts: 3,
      }),
    }),
  ],
  providers: [Clock],
  exports: [Clock],
})
export class DatabaseModule {}
