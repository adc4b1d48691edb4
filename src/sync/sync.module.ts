import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExpiryModule } from '../archival/expiry.module';
import { ConnectionsModule } from '../connections/connections.module';
import { provideSoleWorker } from '../database/sole-worker';
import { HealthDataModule } from '../health-data/health-data.module';
import { ProvidersModule } from '../providers/providers.module';
import { DayReader } from './day-reader';
import { DayWriter } from './day-writer';
import { DriftSighting } from './drift-sighting.entity';
import { EventFeed } from './event-feed';
import { EventReader } from './event-reader';
import { JobOpener } from './job-opener';
import { LeaseKeeper } from './lease-keeper';
import { LocalDayBacklog } from './local-day-backlog';
import { LocalDayBacklogEntry } from './local-day-backlog.entity';
import { ParkedDays } from './parked-days';
import { Postponement } from './postponement';
import { RawReject, StoredRawAnswer } from './raw-answer.entity';
import { ReplayRun } from './replay-run.entity';
import { ReplayRuns } from './replay-runs.service';
import { ReplayModule } from './replay.module';
import { Retention } from './retention';
import { RunControlController } from './run-control.controller';
import { RunControl } from './run-control.service';
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
    TypeOrmModule.forFeature([
      DriftSighting,
      LocalDayBacklogEntry,
      RawReject,
      ReplayRun,
      StoredRawAnswer,
      SyncDay,
      SyncEvent,
      SyncRun,
    ]),
    ConnectionsModule,
    ProvidersModule,
    HealthDataModule,
    ReplayModule,
    ExpiryModule,
  ],
  controllers: [SyncController, SyncRunsController, RunControlController],
  providers: [
    JobOpener,
    DayReader,
    DayWriter,
    LeaseKeeper,
    LocalDayBacklog,
    ParkedDays,
    Postponement,
    RunEnd,
    RunControl,
    Runner,
    SyncCron,
    SyncService,
    EventFeed,
    EventReader,
    SyncRunsService,
    Retention,
    ReplayRuns,
    provideSoleWorker(ReplayRuns, { name: 'replay', lock: 7_305_201 }),
  ],
  exports: [JobOpener, DayWriter, ParkedDays, ReplayRuns],
})
export class SyncModule {}
