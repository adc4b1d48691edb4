import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { Liveness, Readiness, ServerMessage } from './health.dto';
import { HealthService } from './health.service';

@ApiTags('Operations')
@Public()
@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get()
  @ApiOperation({ summary: 'Say hello' })
  root(): ServerMessage {
    return { message: 'Server is running!' };
  }

  @Get('health/live')
  @ApiOperation({ summary: 'Whether the process lives', description: 'Asks nothing of the database.' })
  live(): Liveness {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({
    summary: 'Whether requests can be served',
    description:
      'PostgreSQL answers and every migration is applied. Says too whether the token journal is on disk, without which ' +
      'the server is still ready.',
  })
  @ApiErrors(503)
  ready(): Promise<Readiness> {
    return this.health.ready();
  }
}
