import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { ConnectionRead } from './connection.dto';
import { ConnectionsService } from './connections.service';

@ApiTags('Connect')
@Controller('users/:user_id/connections')
export class ConnectionsController {
  constructor(private readonly connections: ConnectionsService) {}

  @Get()
  @Scope('read')
  @ApiOperation({
    summary: "List a user's connections",
    description:
      'Newest first, former ones included. One whose `status` is `expired`, or whose `attention` is ' +
      '`account_changed`, needs the user to connect again: `GET /api/v1/oauth/{provider}/authorize`.',
  })
  @ApiErrors(400, 401, 403, 404)
  list(@UserIdParam() userId: string): Promise<ConnectionRead[]> {
    return this.connections.listForUser(userId);
  }
}
