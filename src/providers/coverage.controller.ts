import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../access/scope';
import { coverageOf } from './coverage';
import { CoverageResponse } from './coverage.dto';
import { ProviderRegistry } from './provider.registry';

@ApiTags('Providers')
@Controller('meta/coverage')
export class CoverageController {
  constructor(private readonly registry: ProviderRegistry) {}

  /** Show which kinds of data each provider sends */
  @Get()
  @Public()
  get(): CoverageResponse {
    return coverageOf(this.registry.all().map(({ definition }) => definition));
  }
}
