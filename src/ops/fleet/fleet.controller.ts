import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../../access/scope';
import { Clock } from '../../database/clock';
import { ApiErrors } from '../../http/api-errors';
import { VendorBudgets } from '../../providers/vendor-budgets';
import { toFleetSync, type FleetSync } from './fleet.dto';
import { FleetReader } from './fleet.reader';

@ApiTags('Operations')
@Controller('ops/sync')
export class FleetController {
  constructor(
    private readonly fleet: FleetReader,
    private readonly budgets: VendorBudgets,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Scope('ops')
  @ApiOperation({
    summary: 'See how the sync of all users is doing',
    description:
      'Numbers, and the few that are worst: connections by status, what is overdue, how long ago the last answers came, ' +
      'days that are missing, runs in progress, and how each provider is asked. For one user ask `GET /api/v1/ops/users/{user_id}/diagnosis`.',
  })
  @ApiErrors(401, 403)
  async read(): Promise<FleetSync> {
    const now = this.clock.now();
    const [fleet, budgets] = await Promise.all([this.fleet.read(now), this.budgets.state()]);
    return toFleetSync(fleet, budgets, now);
  }
}
