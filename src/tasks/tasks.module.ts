import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { provideSoleWorker } from '../database/sole-worker';
import { BackgroundTask } from './task.entity';
import { Tasks } from './tasks.service';

@Module({
  imports: [TypeOrmModule.forFeature([BackgroundTask])],
  providers: [Tasks, provideSoleWorker(Tasks, { name: 'tasks', lock: 7_305_202 })],
  exports: [Tasks],
})
export class TasksModule {}
