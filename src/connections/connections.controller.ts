import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { ConnectionRead } from './connection.dto';
import { ConnectionsService } from './connections.service';
import { DisconnectionService } from './disconnection.service';

@ApiTags('Connect')
@Controller('users/:user_id/connections')
export class ConnectionsController {
  constructor(
    private readonly connections: ConnectionsService,
    private readonly disconnection: DisconnectionService,
  ) {}

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

  @Delete(':provider')
  @HttpCode(204)
  @Scope('connect')
  @ApiOperation({
    summary: 'Disconnect a user from a provider',
    description:
      'Nothing more is fetched, and the tokens are destroyed; the provider is told so in the background. What was ' +
      'fetched stays. Disconnecting twice is no error.',
  })
  @ApiParam({ name: 'provider', description: 'The slug, as `GET /api/v1/oauth/providers` lists it' })
  @ApiNoContentResponse({ description: 'The user is disconnected.' })
  @ApiErrors(400, 401, 403, 404)
  async disconnect(@UserIdParam() userId: string, @Param('provider') provider: string): Promise<void> {
    await this.disconnection.disconnect(userId, provider);
  }
}
