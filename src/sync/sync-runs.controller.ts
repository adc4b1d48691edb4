import { Controller, Get, Header, Headers, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { ListUserEvents, StreamEvents, SyncStatusEvent } from './sync-event.dto';
import { ListRuns, ListUserRuns, SyncRunRead, SyncRunSummary } from './sync-run.dto';
import { SyncRunsService } from './sync-runs.service';

@ApiTags('Sync')
@Controller()
export class SyncRunsController {
  constructor(private readonly runs: SyncRunsService) {}

  @Get('users/:user_id/sync/recent')
  @Scope('read')
  @ApiOperation({
    summary: "List the steps of a user's syncs",
    description: 'Newest first. An hourly sync that found nothing new leaves a run and no steps.',
  })
  @ApiErrors(400, 401, 403, 404)
  recent(@UserIdParam() userId: string, @Query() { limit = 50 }: ListUserEvents): Promise<SyncStatusEvent[]> {
    return this.runs.recentEvents(userId, limit);
  }

  @Get('users/:user_id/sync/stream')
  @Scope('read')
  @Header('Content-Type', 'text/event-stream')
  @Header('Cache-Control', 'no-cache, no-transform')
  @Header('X-Accel-Buffering', 'no')
  @ApiOperation({
    summary: "Follow the steps of a user's syncs",
    description:
      'Server-Sent Events named `sync.status`, each with a `SyncStatusEvent` as its data: the last ones first, then each as it happens. ' +
      'A comment every 15 seconds keeps the connection. Whoever comes back with `Last-Event-ID` gets what is missing, and nothing twice.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Id of the last event that was received',
  })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiErrors(400, 401, 403, 404)
  async stream(
    @UserIdParam() userId: string,
    @Query() query: StreamEvents,
    @Headers('Last-Event-ID') lastEventId?: string,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.runs.stream(userId, query, lastEventId));
  }

  @Get('users/:user_id/sync/runs')
  @Scope('read')
  @ApiOperation({ summary: "List a user's syncs", description: 'Newest first.' })
  @ApiErrors(400, 401, 403, 404)
  ofUser(@UserIdParam() userId: string, @Query() { limit = 20 }: ListUserRuns): Promise<SyncRunSummary[]> {
    return this.runs.ofUser(userId, limit);
  }

  @Get('users/:user_id/sync/runs/:run_id')
  @Scope('read')
  @ApiOperation({
    summary: 'Get a sync',
    description: 'With what it did: days, records, and what it refused.',
  })
  @ApiErrors(400, 401, 403, 404)
  get(@UserIdParam() userId: string, @Param('run_id') runId: string): Promise<SyncRunRead> {
    return this.runs.get(userId, runId);
  }

  @Get('sync/runs')
  @Scope('read')
  @ApiOperation({ summary: 'List the syncs of all users', description: 'Newest first.' })
  @ApiErrors(400, 401, 403)
  list(@Query() query: ListRuns): Promise<SyncRunSummary[]> {
    return this.runs.list(query);
  }
}
