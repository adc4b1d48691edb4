import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessGuard } from './access.guard';
import { ApiKey } from './api-key.entity';
import { ApiKeysService } from './api-keys.service';
import { DeclaredAccess } from './declared-access';

@Module({
  imports: [TypeOrmModule.forFeature([ApiKey]), DiscoveryModule],
  providers: [ApiKeysService, DeclaredAccess, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [ApiKeysService],
})
export class AccessModule {}
