import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DeveloperOnly } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { PortalConfig } from './portal-config.dto';

@ApiTags('Developers')
@Controller('config')
export class PortalConfigController {
  @Get()
  @DeveloperOnly()
  @ApiOperation({ summary: 'What this server offers to a portal' })
  @ApiErrors(401)
  get(): PortalConfig {
    return { outgoing_webhooks_enabled: false };
  }
}
