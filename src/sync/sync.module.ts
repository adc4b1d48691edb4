import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConnectionsModule } from '../connections/connections.module';
import { HealthDataModule } from '../health-data/health-data.module';
import { ProvidersModule } from '../providers/providers.module';
import { DayWriter } from './day-writer';
import { JobOpener } from './job-opener';
import { Random } from './random';
import { RawReject, StoredRawAnswer } from './raw-answer.entity';
import { RunEnd } from './run-end';
import { Runner } from './runner';
import { SyncController } from './sync.controller';
import { SyncCron } from './sync.cron';
import { SyncDay } from './sync-day.entity';
import { SyncEvent } from './sync-event.entity';
import { SyncRun } from './sync-run.entity';
import { SyncRunsController } from './sync-runs.controller';
import { SyncRunsService } from './sync-runs.service';
import { SyncService } from './sync.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([RawReject, StoredRawAnswer, SyncDay, SyncEvent, SyncRun]),
    ConnectionsModule,
    ProvidersModule,
    HealthDataModule,
  ],
  controllers: [SyncController, SyncRunsController],
  providers: [Random, JobOpener, DayWriter, RunEnd, Runner, SyncCron, SyncService, SyncRunsService],
  exports: [JobOpener, DayWriter],
})
export class SyncModule {}
