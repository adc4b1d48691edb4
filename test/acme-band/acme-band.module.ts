import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ProviderHttpModule } from '../../src/providers/provider-http.module';
import { acmeBandConfig } from './acme-band.config';
import { AcmeBandProvider } from './acme-band.provider';

@Module({
  imports: [ConfigModule.forFeature(acmeBandConfig), ProviderHttpModule],
  providers: [AcmeBandProvider],
})
export class AcmeBandModule {}
