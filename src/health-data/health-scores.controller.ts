import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { ScorePage, ScoreQuery } from './score.dto';
import { ScoreReader } from './score.reader';

@ApiTags('Scores')
@Controller('users/:user_id/health-scores')
export class HealthScoresController {
  constructor(private readonly scores: ScoreReader) {}

  @Get()
  @Scope('read')
  @ApiOperation({
    summary: 'List health scores',
    description:
      'Sleep, recovery, activity and metabolic scores as their providers computed them, and beside them sleep and resilience scores that this server computes (`provider` is `internal`), the latest first.',
  })
  @ApiErrors(400, 401, 403, 404)
  list(@UserIdParam() userId: string, @Query() query: ScoreQuery): Promise<ScorePage> {
    return this.scores.page(userId, query);
  }
}
