import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../../access/scope';
import { Clock } from '../../database/clock';
import { ApiErrors } from '../../http/api-errors';
import { UserIdParam } from '../../http/uuid-param';
import { diagnose } from './diagnose';
import { toDiagnosis, type Diagnosis } from './diagnosis.dto';
import { EvidenceReader } from './evidence.reader';

@ApiTags('Operations')
@Controller('ops/users')
export class DiagnosisController {
  constructor(
    private readonly evidence: EvidenceReader,
    private readonly clock: Clock,
  ) {}

  @Get(':user_id/diagnosis')
  @Scope('ops')
  @ApiOperation({
    summary: "Find out why a user's data does not come",
    description:
      'Findings in the order in which to look at them, each with what it rests on and what to do next. ' +
      'They come from what is stored: no provider is asked. A user whose data comes has one finding, `healthy`.',
  })
  @ApiErrors(400, 401, 403, 404)
  async ofUser(@UserIdParam() userId: string): Promise<Diagnosis> {
    const evidence = await this.evidence.ofUser(userId);
    const now = this.clock.now();
    return toDiagnosis(userId, now, diagnose(evidence, now));
  }
}
