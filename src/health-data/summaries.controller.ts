import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { RangeQuery } from './range-page.dto';
import { RecoverySummaryPage, SleepSummaryPage } from './summary.dto';
import { SummaryReader } from './summary.reader';

@ApiTags('Summaries')
@Controller('users/:user_id/summaries')
export class SummariesController {
  constructor(private readonly summaries: SummaryReader) {}

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
}
