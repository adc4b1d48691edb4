import { Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { StartSync, SyncStarted } from './sync.dto';
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
      'progress, the days join it and its `run_id` is answered.',
  })
  @ApiErrors(400, 401, 403, 404, 501)
  start(
    @Param('provider') provider: string,
    @UserIdParam() userId: string,
    @Query() query: StartSync,
  ): Promise<SyncStarted> {
    return this.sync.start(userId, provider, query);
  }
}
