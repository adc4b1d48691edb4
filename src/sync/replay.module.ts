import { Module } from '@nestjs/common';
import { ExpiryModule } from '../archival/expiry.module';
import { ConnectionsModule } from '../connections/connections.module';
import { HealthDataModule } from '../health-data/health-data.module';
import { ProvidersModule } from '../providers/providers.module';
import { AnswerFiler } from './answer-filer';
import { ConnectionReplay } from './connection-replay';
import { ReplayFold } from './replay-fold';
import { ReplayService } from './replay.service';

/** Replays without the sync beside it: for the command too. */
@Module({
  imports: [ConnectionsModule, ProvidersModule, HealthDataModule, ExpiryModule],
  providers: [AnswerFiler, ReplayFold, ConnectionReplay, ReplayService],
  exports: [AnswerFiler, ReplayService],
})
export class ReplayModule {}
