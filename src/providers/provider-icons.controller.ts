import { Controller, Get, Header, NotFoundException, Param } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { ProviderRegistry } from './provider.registry';

const SUFFIX = '.svg';

/** Outside the API's prefix, where clients look for it. */
@ApiTags('Providers')
@Controller('static/provider-icons')
export class ProviderIconsController {
  constructor(private readonly registry: ProviderRegistry) {}

  /** Get the icon of a provider, as SVG */
  @Get(':file')
  @Public()
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'public, max-age=86400')
  // Other sites show it in their pages.
  @RouteConfig({ cors: { origin: true } })
  @Header('cross-origin-resource-policy', 'cross-origin')
  @ApiParam({ name: 'file', description: 'The provider and `.svg`' })
  @ApiOkResponse({ description: 'The icon', content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  @ApiErrors(404)
  get(@Param('file') file: string): string {
    const slug = file.endsWith(SUFFIX) ? file.slice(0, -SUFFIX.length) : '';
    const provider = this.registry.find(slug);
    if (provider) return provider.definition.iconSvg;
    throw new NotFoundException(
      `No icon '${file}'. Icons are named <provider>.svg, as GET /api/v1/oauth/providers lists them.`,
    );
  }
}
