import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { DeveloperOnly } from '../../access/scope';
import { ApiErrors } from '../../http/api-errors';
import { PrioritiesService } from './priorities.service';
import {
  DeviceTypePriorities,
  DeviceTypePriorityRead,
  ProviderPriorities,
  ProviderPriorityRead,
  SetDeviceTypePriorities,
  SetPriority,
  SetProviderPriorities,
} from './priority.dto';

@ApiTags('Settings')
@Controller('priorities')
export class PrioritiesController {
  constructor(private readonly priorities: PrioritiesService) {}

  @Get('providers')
  @DeveloperOnly()
  @ApiOperation({
    summary: 'List the providers by priority',
    description:
      'Where several providers tell of one date, a summary shows the one with the lowest number; of one provider the kind of device decides.',
  })
  @ApiErrors(400, 401, 403)
  listProviders(): Promise<ProviderPriorities> {
    return this.priorities.providers();
  }

  @Put('providers')
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Set the priorities of several providers',
    description: 'All of them or, if one is refused, none. The next summary that is read follows them.',
  })
  @ApiErrors(400, 401, 403)
  setProviders(@Body() { priorities }: SetProviderPriorities): Promise<ProviderPriorities> {
    return this.priorities.setProviders(priorities);
  }

  @Put('providers/:provider')
  @DeveloperOnly()
  @ApiOperation({ summary: 'Set the priority of one provider' })
  @ApiParam({ name: 'provider', description: 'Slug of a provider', example: 'garmin' })
  @ApiErrors(400, 401, 403)
  async setProvider(
    @Param('provider') provider: string,
    @Body() { priority }: SetPriority,
  ): Promise<ProviderPriorityRead> {
    const { items } = await this.priorities.setProviders([{ provider, priority }]);
    return items.find((it) => it.provider === provider)!;
  }

  @Get('device-types')
  @DeveloperOnly()
  @ApiOperation({
    summary: 'List the kinds of device by priority',
    description: 'It decides between devices of providers of equal priority, such as two of one provider.',
  })
  @ApiErrors(400, 401, 403)
  listDeviceTypes(): Promise<DeviceTypePriorities> {
    return this.priorities.deviceTypes();
  }

  @Put('device-types')
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Set the priorities of several kinds of device',
    description: 'All of them or, if one is refused, none. The next summary that is read follows them.',
  })
  @ApiErrors(400, 401, 403)
  setDeviceTypes(@Body() { priorities }: SetDeviceTypePriorities): Promise<DeviceTypePriorities> {
    return this.priorities.setDeviceTypes(priorities);
  }

  @Put('device-types/:device_type')
  @DeveloperOnly()
  @ApiOperation({ summary: 'Set the priority of one kind of device' })
  @ApiParam({ name: 'device_type', description: 'Kind of device', example: 'ring' })
  @ApiErrors(400, 401, 403)
  async setDeviceType(
    @Param('device_type') deviceType: string,
    @Body() { priority }: SetPriority,
  ): Promise<DeviceTypePriorityRead> {
    const { items } = await this.priorities.setDeviceTypes([{ device_type: deviceType, priority }]);
    return items.find((it) => it.device_type === deviceType)!;
  }
}
