import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../../access/scope';
import { Clock } from '../../database/clock';
import { ApiErrors } from '../../http/api-errors';
import { toFleetSync, type FleetSync } from './fleet.dto';
import { FleetReader } from './fleet.reader';

@ApiTags('Operations')
@Controller('ops/sync')
export class FleetController {
  constructor(
    private readonly fleet: FleetReader,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Scope('ops')
  @ApiOperation({
    summary: 'See how the sync of all users is doing',
    description:
      'Numbers, and the few that are worst: connections by status, what is overdue, how long ago the last answers came, ' +
      'days that are missing, runs in progress. For one user ask `GET /api/v1/ops/users/{user_id}/diagnosis`.',
  })
  @ApiErrors(401, 403)
  async read(): Promise<FleetSync> {
    const now = this.clock.now();
    return toFleetSync(await this.fleet.read(now), now);
  }
}
