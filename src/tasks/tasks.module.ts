import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BackgroundTask } from './task.entity';
import { TaskWorker } from './task.worker';
import { Tasks } from './tasks.service';

@Module({
  imports: [TypeOrmModule.forFeature([BackgroundTask])],
  providers: [Tasks, TaskWorker],
  exports: [Tasks],
})
export class TasksModule {}
