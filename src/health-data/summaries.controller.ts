import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { NullBodyInterceptor } from '../http/null-body.interceptor';
import { UserIdParam } from '../http/uuid-param';
import { ActivityQuery, ActivitySummaryPage } from './activity-summary.dto';
import { ActivitySummaryReader } from './activity-summary.reader';
import { BodyQuery, BodySummaryRead } from './body-summary.dto';
import { BodySummaryReader } from './body-summary.reader';
import { DataSummaryQuery, DataSummaryRead, DataTimelineRead, TimelineQuery } from './data-summary.dto';
import { DataSummaryReader } from './data-summary.reader';
import { RangeQuery } from './range-page.dto';
import { RecoverySummaryPage, SleepSummaryPage } from './summary.dto';
import { SummaryReader } from './summary.reader';

@ApiTags('Summaries')
@Controller('users/:user_id/summaries')
export class SummariesController {
  constructor(
    private readonly summaries: SummaryReader,
    private readonly activities: ActivitySummaryReader,
    private readonly bodies: BodySummaryReader,
    private readonly data: DataSummaryReader,
  ) {}

  @Get('activity')
  @Scope('read')
  @ApiOperation({
    summary: 'Sum up the activity of each date',
    description:
      'One row a local date, by the best source that tells of movement or heart rate on it. The range counts dates; the last is excluded. How minutes are counted: docs/summaries.md.',
  })
  @ApiErrors(400, 401, 403, 404)
  activity(@UserIdParam() userId: string, @Query() query: ActivityQuery): Promise<ActivitySummaryPage> {
    return this.activities.page(userId, query);
  }

  @Get('sleep')
  @Scope('read')
  @ApiOperation({
    summary: 'Sum up the sleep of each date',
    description:
      'One row a wake date, the earliest first. The longest sleep of a date is the night, each other one a nap. The range counts dates; the last is excluded.',
  })
  @ApiErrors(400, 401, 403, 404)
  sleep(@UserIdParam() userId: string, @Query() query: RangeQuery): Promise<SleepSummaryPage> {
    return this.summaries.sleep(userId, query);
  }

  @Get('recovery')
  @Scope('read')
  @ApiOperation({
    summary: 'Sum up the recovery of each date',
    description:
      'One row a date that has a recovery score, a sleep or a resting heart rate, the earliest first. The range counts dates; the last is excluded.',
  })
  @ApiErrors(400, 401, 403, 404)
  recovery(@UserIdParam() userId: string, @Query() query: RangeQuery): Promise<RecoverySummaryPage> {
    return this.summaries.recovery(userId, query);
  }

  @Get('body')
  @Scope('read')
  @UseInterceptors(NullBodyInterceptor)
  @ApiOperation({
    summary: 'Sum up the body as it is now',
    description: 'Averages of the last days and the latest readings; `null` where there is none of them.',
  })
  @ApiExtraModels(BodySummaryRead)
  @ApiOkResponse({
    schema: { nullable: true, type: 'object', allOf: [{ $ref: getSchemaPath(BodySummaryRead) }] },
  })
  @ApiErrors(400, 401, 403, 404)
  body(@UserIdParam() userId: string, @Query() query: BodyQuery): Promise<BodySummaryRead | null> {
    return this.bodies.read(userId, query);
  }

  @Get('data')
  @Scope('read')
  @ApiOperation({
    summary: 'Count what is stored of a user',
    description:
      'By series type and by provider. Without dates everything counts; with them, local dates do, the last one excluded.',
  })
  @ApiErrors(400, 401, 403, 404)
  dataCounts(@UserIdParam() userId: string, @Query() query: DataSummaryQuery): Promise<DataSummaryRead> {
    return this.data.summary(userId, query);
  }

  @Get('data/timeline')
  @Scope('read')
  @ApiOperation({
    summary: 'Count what is stored of a user over time',
    description: 'By days, weeks or months of local dates. A bucket without data is left out.',
  })
  @ApiErrors(400, 401, 403, 404)
  dataTimeline(@UserIdParam() userId: string, @Query() query: TimelineQuery): Promise<DataTimelineRead> {
    return this.data.timeline(userId, query);
  }
}
