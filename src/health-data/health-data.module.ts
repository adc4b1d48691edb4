import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/users.module';
import { AbsentEvents } from './absent-events';
import { ActivitySummaryReader } from './activity-summary.reader';
import { BodySummaryReader } from './body-summary.reader';
import { DataSummaryReader } from './data-summary.reader';
import { StoredDailyValue } from './daily-value.entity';
import { DaySeries } from './day-series';
import { DailyValueStore } from './daily-value.store';
import { EventsController } from './events.controller';
import { HealthDataWriter } from './health-data.writer';
import { HealthScoresController } from './health-scores.controller';
import { InternalScore } from './internal-score.entity';
import { InternalScoreRenewal } from './internal-score.renewal';
import { InternalScoreStore } from './internal-score.store';
import { LocalDayAggregates } from './local-day-aggregates';
import { LocalDayStore } from './local-day-store';
import { ReplacedSeries } from './replaced-series';
import { HealthDataReplacement } from './replacement';
import { ReplyBuffers } from './reply-buffers';
import { StoredScore } from './score.entity';
import { ScoreReader } from './score.reader';
import { ScoreStore } from './score.store';
import { SeriesDay } from './series-day.entity';
import { SeriesLocalDay } from './series-local-day.entity';
import { SeriesStore } from './series-store';
import { StoredSleepSession } from './sleep-session.entity';
import { SleepReader } from './sleep.reader';
import { SleepSessionStore } from './sleep-session.store';
import { SummariesController } from './summaries.controller';
import { SummaryReader } from './summary.reader';
import { TimeSeriesController } from './time-series.controller';
import { TimeSeriesLanes } from './time-series.lanes';
import { TimeSeriesReader } from './time-series.reader';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      StoredDailyValue,
      InternalScore,
      StoredScore,
      SeriesDay,
      SeriesLocalDay,
      StoredSleepSession,
    ]),
    UsersModule,
  ],
  controllers: [TimeSeriesController, EventsController, SummariesController, HealthScoresController],
  providers: [
    HealthDataWriter,
    HealthDataReplacement,
    ReplacedSeries,
    SeriesStore,
    LocalDayStore,
    LocalDayAggregates,
    DailyValueStore,
    SleepSessionStore,
    ScoreStore,
    InternalScoreStore,
    InternalScoreRenewal,
    DaySeries,
    TimeSeriesLanes,
    TimeSeriesReader,
    ReplyBuffers,
    SleepReader,
    AbsentEvents,
    SummaryReader,
    ActivitySummaryReader,
    BodySummaryReader,
    DataSummaryReader,
    ScoreReader,
  ],
  exports: [HealthDataWriter, HealthDataReplacement, LocalDayAggregates],
})
export class HealthDataModule {}
