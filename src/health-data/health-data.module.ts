import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { StoredDailyValue } from './daily-value.entity';
import { StoredScore } from './score.entity';
import { SeriesDay } from './series-day.entity';
import { StoredSleepSession } from './sleep-session.entity';

@Module({
  imports: [TypeOrmModule.forFeature([StoredDailyValue, StoredScore, SeriesDay, StoredSleepSession])],
})
export class HealthDataModule {}
