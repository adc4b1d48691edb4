import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TasksModule } from '../tasks/tasks.module';
import { ArchivalSetting } from './archival-setting.entity';
import { ArchivalSettings } from './archival-settings.service';
import { ArchivalController } from './archival.controller';
import { Archival } from './archival.work';
import { Expiry } from './expiry';
import { StorageReader } from './storage-figures';

@Module({
  imports: [TypeOrmModule.forFeature([ArchivalSetting]), TasksModule],
  controllers: [ArchivalController],
  providers: [ArchivalSettings, Archival, Expiry, StorageReader],
  exports: [ArchivalSettings, Expiry],
})
export class ArchivalModule {}
