import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { DeveloperOnly, Public } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { ProviderRegistry } from './provider.registry';
import { ProviderSettings } from './provider-settings.service';
import {
  EnableProviders,
  ProviderResponse,
  ProvidersQuery,
  toProviderResponse,
  UpdateProvider,
} from './providers.dto';

@ApiTags('Providers')
@Controller('oauth/providers')
export class ProvidersController {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly settings: ProviderSettings,
  ) {}

  /** List the wearable providers and whether users can connect them */
  @Get()
  @Public()
  @ApiErrors(400)
  async list(@Query() { enabled_only, cloud_only }: ProvidersQuery): Promise<ProviderResponse[]> {
    const settings = await this.settings.all();
    return this.registry
      .all()
      .map(({ definition }) => toProviderResponse(definition, settings.get(definition.slug)))
      .filter((it) => (it.is_enabled || !enabled_only) && (it.has_cloud_api || !cloud_only));
  }

  @Put()
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Switch providers on and off for new users',
    description: 'All of those named, or none of them. Answers with the whole list.',
  })
  @ApiErrors(400, 401, 403)
  async enable(@Body() { providers }: EnableProviders): Promise<ProviderResponse[]> {
    await this.settings.enable(providers);
    return this.list({});
  }

  @Put(':provider')
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Change the settings of a provider',
    description:
      'A provider that is switched off takes no new sign-ins. Users who are connected stay so, and go on being synced: ' +
      'disconnect them to end that. Other processes of the server follow within two seconds.',
  })
  @ApiParam({ name: 'provider', description: 'The slug, as `GET /api/v1/oauth/providers` lists it' })
  @ApiBody({ type: UpdateProvider, required: false, examples: { on: { value: { is_enabled: true } } } })
  @ApiErrors(400, 401, 403)
  async change(@Param('provider') slug: string, @Body() body: UpdateProvider): Promise<ProviderResponse> {
    await this.settings.change(slug, body);
    const { definition } = this.registry.get(slug);
    return toProviderResponse(definition, (await this.settings.all()).get(slug));
  }
}
