import { Module } from '@nestjs/common';
import { ProviderHttp } from './provider-http';

/** What a provider's own module imports to reach its vendor. */
@Module({ providers: [ProviderHttp], exports: [ProviderHttp] })
export class ProviderHttpModule {}
