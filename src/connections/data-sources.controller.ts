import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { ConnectionsService } from './connections.service';
import { DataSourceList } from './data-source.dto';

@ApiTags('Connect')
@Controller('users/:user_id/data-sources')
export class DataSourcesController {
  constructor(private readonly connections: ConnectionsService) {}

  @Get()
  @Scope('read')
  @ApiOperation({
    summary: "List a user's data sources",
    description:
      'The devices that data has come from, oldest first, also those of connections that have ended. A device appears ' +
      'with its first data.',
  })
  @ApiErrors(400, 401, 403, 404)
  list(@UserIdParam() userId: string): Promise<DataSourceList> {
    return this.connections.listSources(userId);
  }
}
