import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { RunControl } from './run-control.service';
import { SyncRunRead } from './sync-run.dto';

@ApiTags('Sync')
@Controller('users/:user_id/sync/runs/:run_id')
@ApiErrors(400, 401, 403, 404, 409)
export class RunControlController {
  constructor(private readonly control: RunControl) {}

  @Post('pause')
  @HttpCode(200)
  @Scope('sync')
  @ApiOperation({
    summary: 'Pause a backfill',
    description:
      'After the day in hand no further history is read. The hourly sync and syncs asked for go on.',
  })
  pause(@UserIdParam() userId: string, @Param('run_id') runId: string): Promise<SyncRunRead> {
    return this.control.pause(userId, runId);
  }

  @Post('resume')
  @HttpCode(200)
  @Scope('sync')
  @ApiOperation({ summary: 'Resume a paused backfill', description: 'It goes on where it stood.' })
  resume(@UserIdParam() userId: string, @Param('run_id') runId: string): Promise<SyncRunRead> {
    return this.control.resume(userId, runId);
  }

  @Post('cancel')
  @HttpCode(200)
  @Scope('sync')
  @ApiOperation({
    summary: 'Cancel a sync',
    description:
      'Days that it has not read yet are not read; what is stored stays stored. The next hourly sync reads the last days as ever.',
  })
  cancel(@UserIdParam() userId: string, @Param('run_id') runId: string): Promise<SyncRunRead> {
    return this.control.cancel(userId, runId);
  }
}
