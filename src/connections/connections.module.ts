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
import { DisconnectionService } from './disconnection.service';
import { DataSourcesController } from './data-sources.controller';
import { HealthDataSource } from './data-source.entity';
import { JournalReplay } from './journal-replay';
import { RefreshAttempt } from './refresh-attempt.entity';
import { RefreshDatabase } from './refresh-database';
import { RefreshOutcomes } from './refresh-outcomes';
import { RefreshSweep } from './refresh-sweep.cron';
import { Revocation } from './revocation.entity';
import { RevocationWorker } from './revocation.worker';
import { Revocations } from './revocations';
import { TokenEndpointState } from './token-endpoint-state.entity';
import { TokenEndpoints } from './token-endpoints';
import { TokenJournal } from './token-journal';
import { TokenRefresh } from './token-refresh';
import { TokenRequest } from './token-request';
import { TokenVault } from './token-vault';
import { UserDataKeys } from './user-data-keys';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      Connection,
      Credential,
      DataKey,
      HealthDataSource,
      RefreshAttempt,
      Revocation,
      TokenEndpointState,
    ]),
    ProvidersModule,
    UsersModule,
  ],
  controllers: [ConnectionsController, DataSourcesController],
  providers: [
    { provide: TokenVault, useFactory: () => new TokenVault(serverSettings().ENCRYPTION_KEYS) },
    UserDataKeys,
    CredentialStore,
    RefreshDatabase,
    TokenEndpoints,
    TokenJournal,
    TokenRequest,
    RefreshOutcomes,
    JournalReplay,
    TokenRefresh,
    AccountCheck,
    AccessTokens,
    RefreshSweep,
    Revocations,
    RevocationWorker,
    DisconnectionService,
    ActivationService,
    ConnectionsService,
  ],
  exports: [
    TokenVault,
    TokenJournal,
    UserDataKeys,
    AccessTokens,
    ActivationService,
    ConnectionsService,
    DisconnectionService,
    Revocations,
  ],
})
export class ConnectionsModule {}
