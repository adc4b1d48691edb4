import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ProviderHttp } from '../../src/providers/provider-http';
import { acmeBandConfig } from './acme-band.config';
import { AcmeBandProvider } from './acme-band.provider';

@Module({
  imports: [ConfigModule.forFeature(acmeBandConfig)],
  providers: [AcmeBandProvider, ProviderHttp],
})
export class AcmeBandModule {}
