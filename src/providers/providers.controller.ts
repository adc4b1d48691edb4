import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { ProviderRegistry } from './provider.registry';
import { ProviderResponse, ProvidersQuery, toProviderResponse } from './providers.dto';

@ApiTags('Providers')
@Controller('oauth/providers')
export class ProvidersController {
  constructor(private readonly registry: ProviderRegistry) {}

  /** List the wearable providers and whether users can connect them */
  @Get()
  @Public()
  @ApiErrors(400)
  list(@Query() { enabled_only, cloud_only }: ProvidersQuery): ProviderResponse[] {
    return this.registry
      .all()
      .map(({ definition }) => toProviderResponse(definition))
      .filter((it) => (it.is_enabled || !enabled_only) && (it.has_cloud_api || !cloud_only));
  }
}
