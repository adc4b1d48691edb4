import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UuidParam } from '../http/uuid-param';
import { ReplayRuns } from '../sync/replay-runs.service';
import { ReplayRead, ReplayStarted, StartReplay, toReplayRead, toReplayRequest } from './replay.dto';

@ApiTags('Operations')
@Controller('ops/replay')
export class ReplayController {
  constructor(private readonly replays: ReplayRuns) {}

  @Post()
  @HttpCode(202)
  @Scope('ops')
  @ApiOperation({
    summary: 'Make health data anew from the kept answers',
    description:
      "Reads a provider's answers again, as this version understands them, and puts what they come to in the place of " +
      'what is stored. The provider is not asked. Sleeps that a user has deleted stay deleted; days without kept answers ' +
      'stay as they are. It runs in the background: follow it by its id. `npm run replay` does the same and tells more.',
  })
  @ApiErrors(400, 401, 403, 404)
  async start(@Body() body: StartReplay): Promise<ReplayStarted> {
    const { id, status } = await this.replays.queue(toReplayRequest(body));
    return { id, status };
  }

  @Get(':replay_id')
  @Scope('ops')
  @ApiOperation({
    summary: 'Get a replay',
    description: 'How far it has come, and counts of what it changed.',
  })
  @ApiErrors(400, 401, 403, 404)
  async get(
    @UuidParam('replay_id', "The replay's id, as its start answered it") id: string,
  ): Promise<ReplayRead> {
    return toReplayRead(await this.replays.get(id));
  }
}
