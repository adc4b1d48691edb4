import { Module } from '@nestjs/common';
import { ProvidersModule } from '../providers/providers.module';
import { UsersModule } from '../users/users.module';
import { AbsentController } from './absent.controller';

@Module({
  imports: [ProvidersModule, UsersModule],
  controllers: [AbsentController],
})
export class AbsentModule {}
