import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ProviderHttpModule } from '../provider-http.module';
import { UltrahumanClient } from './ultrahuman.client';
import { ultrahumanConfig } from './ultrahuman.config';
import { UltrahumanProvider } from './ultrahuman.provider';

@Module({
  imports: [ConfigModule.forFeature(ultrahumanConfig), ProviderHttpModule],
  providers: [UltrahumanClient, UltrahumanProvider],
})
export class UltrahumanModule {}
