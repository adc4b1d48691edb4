import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module';
import { ArchivalController } from './archival.controller';
import { Archival } from './archival.work';
import { ExpiryModule } from './expiry.module';
import { StorageReader } from './storage-figures';

@Module({
  imports: [ExpiryModule, TasksModule],
  controllers: [ArchivalController],
  providers: [Archival, StorageReader],
})
export class ArchivalModule {}
