import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DeveloperOnly } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { DashboardStats } from './dashboard.dto';
import { DashboardService } from './dashboard.service';

@ApiTags('Operations')
@Controller('dashboard')
export class DashboardController {
  constructor(private readonly dashboard: DashboardService) {}

  @Get('stats')
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Count what this server holds',
    description:
      'Users, connections, data points and events over all users. Connections are counted; large tables of data are ' +
      'estimated from a sample of 16 MiB of each, so that the answer takes no longer when they grow.',
  })
  @ApiErrors(401)
  stats(): Promise<DashboardStats> {
    return this.dashboard.stats();
  }
}
