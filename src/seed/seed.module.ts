import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module';
import { OAuthModule } from '../oauth/oauth.module';
import { ProvidersModule } from '../providers/providers.module';
import { TasksModule } from '../tasks/tasks.module';
import { UsersModule } from '../users/users.module';
import { SeedController } from './seed.controller';
import { SeedService } from './seed.service';
import { Seed } from './seed.work';

@Module({
  imports: [ConnectionsModule, OAuthModule, ProvidersModule, TasksModule, UsersModule],
  controllers: [SeedController],
  providers: [SeedService, Seed],
})
export class SeedModule {}
