import { Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { HistoricalSyncStarted, StartHistoricalSync, StartSync, SyncStarted } from './sync.dto';
import { SyncService } from './sync.service';

@ApiTags('Sync')
@Controller('providers/:provider/users/:user_id/sync')
export class SyncController {
  constructor(private readonly sync: SyncService) {}

  @Post()
  @HttpCode(200)
  @Scope('sync')
  @ApiOperation({
    summary: 'Sync a user now',
    description:
      'Reads the last 30 days, or the window asked for, from the provider. While a sync of the same connection is in ' +
      'progress, the days join it and its `run_id` is answered. With `async=false` the answer comes when the run has ended, ' +
      'with what it brought; if it takes too long, the answer says `async: true` as if it had not been waited for.',
  })
  @ApiErrors(400, 401, 403, 404, 501)
  start(
    @Param('provider') provider: string,
    @UserIdParam() userId: string,
    @Query() query: StartSync,
  ): Promise<SyncStarted> {
    return this.sync.start(userId, provider, query);
  }

  @Post('historical')
  @HttpCode(200)
  @Scope('sync')
  @ApiOperation({
    summary: "Read a user's history",
    description:
      'Reads so many days again, the newest first, also those that are stored: providers rewrite their history, and an ' +
      'unchanged answer changes nothing. It goes on after a restart, waits behind hourly syncs, and can be paused and ' +
      'cancelled. While a backfill of the same connection is in progress, the days join it and its `run_id` is answered.',
  })
  @ApiErrors(400, 401, 403, 404)
  startHistorical(
    @Param('provider') provider: string,
    @UserIdParam() userId: string,
    @Query() { days = 90 }: StartHistoricalSync,
  ): Promise<HistoricalSyncStarted> {
    return this.sync.startHistorical(userId, provider, days);
  }
}
