import { Controller, Get, Header, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { TimeSeriesPage, TimeSeriesQuery } from './time-series.dto';
import { TimeSeriesInterceptor } from './time-series.interceptor';
import { TimeSeriesReader } from './time-series.reader';
import type { TimeSeriesReply } from './time-series.serializer';

@ApiTags('Time series')
@Controller('users/:user_id/timeseries')
export class TimeSeriesController {
  constructor(private readonly timeSeries: TimeSeriesReader) {}

  @Get()
  @Scope('read')
  @UseInterceptors(TimeSeriesInterceptor)
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiOperation({
    summary: 'Read samples and daily values',
    description:
      'Heart rate, heart rate variability (RMSSD), skin temperature, steps and more, in order of time, in one list or of the `types` asked for.',
  })
  @ApiOkResponse({ type: TimeSeriesPage })
  @ApiErrors(400, 401, 403, 404)
  read(@UserIdParam() userId: string, @Query() query: TimeSeriesQuery): Promise<TimeSeriesReply> {
    return this.timeSeries.page(userId, query);
  }
}
