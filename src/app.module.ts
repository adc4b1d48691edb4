import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ScheduleModule } from '@nestjs/schedule';
import { AbsentModule } from './absent/absent.module';
import { AccessModule } from './access/access.module';
import { isWorker, validateEnvironment } from './config/env';
import { ArchivalModule } from './archival/archival.module';
import { ConnectionsModule } from './connections/connections.module';
import { DatabaseModule, type Surroundings } from './database/database.module';
import { ErasureModule } from './erasure/erasure.module';
import { HealthDataModule } from './health-data/health-data.module';
import { HttpModule } from './http/http.module';
import { OAuthModule } from './oauth/oauth.module';
import { OpsModule } from './ops/ops.module';
import { ProvidersModule } from './providers/providers.module';
import { SeedModule } from './seed/seed.module';
import { SyncModule } from './sync/sync.module';
import { UsersModule } from './users/users.module';

/** A process that only serves the API does nothing by itself. */
function scheduleModule(): DynamicModule {
  return ScheduleModule.forRoot({ cronJobs: isWorker(), intervals: isWorker() });
}

@Module({})
export class AppModule {
  /**
   * A function and not a static module, because the environment is validated when `ConfigModule.forRoot` runs:
   * at boot, not at import.
   * @param extra further modules, such as a provider of one's own
   */
  static forRoot(extra: Type[] = [], surroundings: Surroundings = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, validate: validateEnvironment }),
        scheduleModule(),
        DatabaseModule.forRoot(surroundings),
        HttpModule,
        AccessModule,
        UsersModule,
        ProvidersModule,
        ConnectionsModule,
        OAuthModule,
        ErasureModule,
        ArchivalModule,
        SyncModule,
        HealthDataModule,
        OpsModule,
        SeedModule,
        AbsentModule,
        ...extra,
      ],
    };
  }
}
