import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { serverSettings } from '../config/env';
import { ProvidersModule } from '../providers/providers.module';
import { UsersModule } from '../users/users.module';
import { AccountCheck } from './account-check';
import { AccessTokens } from './access-tokens.service';
import { ActivationService } from './activation.service';
import { Connection } from './connection.entity';
import { ConnectionsController } from './connections.controller';
import { ConnectionsService } from './connections.service';
import { Credential } from './credential.entity';
import { CredentialStore } from './credential.store';
import { DataKey } from './data-key.entity';
import { HealthDataSource } from './data-source.entity';
import { RefreshDatabase } from './refresh-database';
import { TokenVault } from './token-vault';
import { UserDataKeys } from './user-data-keys';

@Module({
  imports: [
    TypeOrmModule.forFeature([Connection, Credential, DataKey, HealthDataSource]),
    ProvidersModule,
    UsersModule,
  ],
  controllers: [ConnectionsController],
  providers: [
    { provide: TokenVault, useFactory: () => new TokenVault(serverSettings().ENCRYPTION_KEYS) },
    UserDataKeys,
    CredentialStore,
    RefreshDatabase,
    AccountCheck,
    AccessTokens,
    ActivationService,
    ConnectionsService,
  ],
  exports: [TokenVault, UserDataKeys, AccessTokens, ActivationService, ConnectionsService],
})
export class ConnectionsModule {}
