import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { UserRead } from '../users/user.dto';
import { Erasure } from './erasure.service';

@Controller('users/:user_id')
export class ErasureController {
  constructor(private readonly erasure: Erasure) {}

  @Delete()
  @Scope('write')
  @ApiTags('Users')
  @ApiOperation({
    summary: 'Delete a user with all data',
    description:
      "Connections, tokens, measurements, sleeps, scores, the providers' answers, runs and their events: nothing " +
      'stays. A sync that is under way writes nothing more. The providers are told to end the tokens in the ' +
      'background. Answers with the user as it was.',
  })
  @ApiErrors(400, 401, 403, 404)
  deleteUser(@UserIdParam() userId: string): Promise<UserRead> {
    return this.erasure.deleteUser(userId);
  }

  @Delete('connections/:provider/data')
  @HttpCode(204)
  @Scope('write')
  @ApiTags('Connect')
  @ApiOperation({
    summary: 'Disconnect a user from a provider and delete its data',
    description:
      'As disconnecting; and all that the provider has sent is deleted: measurements, sleeps, scores, its answers, the ' +
      'calendar of what was read. The log of runs stays until its time is over. After a new sign-in everything is ' +
      'fetched from the beginning.',
  })
  @ApiParam({ name: 'provider', description: 'The slug, as `GET /api/v1/oauth/providers` lists it' })
  @ApiNoContentResponse({ description: 'The user is disconnected and the data deleted.' })
  @ApiErrors(400, 401, 403, 404)
  async purge(@UserIdParam() userId: string, @Param('provider') provider: string): Promise<void> {
    await this.erasure.purge(userId, provider);
  }
}
