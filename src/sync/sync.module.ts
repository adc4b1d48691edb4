import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RawReject, StoredRawAnswer } from './raw-answer.entity';
import { SyncDay } from './sync-day.entity';
import { SyncEvent } from './sync-event.entity';
import { SyncRun } from './sync-run.entity';

@Module({
  imports: [TypeOrmModule.forFeature([RawReject, StoredRawAnswer, SyncDay, SyncEvent, SyncRun])],
})
export class SyncModule {}
