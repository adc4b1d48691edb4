import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CoverageController } from './coverage.controller';
import { ProviderHttpModule } from './provider-http.module';
import { ProviderIconsController } from './provider-icons.controller';
import { ProviderSetting } from './provider-setting.entity';
import { ProviderSettings } from './provider-settings.service';
import { ProviderRegistry } from './provider.registry';
import { ProvidersController } from './providers.controller';
import { TokenEndpoint } from './token-endpoint';
import { UltrahumanModule } from './ultrahuman/ultrahuman.module';

/** The providers of this server. Adding one: its folder, and its module in `imports`. */
@Module({
  imports: [
    TypeOrmModule.forFeature([ProviderSetting]),
    DiscoveryModule,
    ProviderHttpModule,
    UltrahumanModule,
  ],
  controllers: [ProvidersController, CoverageController, ProviderIconsController],
  providers: [ProviderRegistry, ProviderSettings, TokenEndpoint],
  exports: [ProviderRegistry, ProviderSettings, ProviderHttpModule, TokenEndpoint],
})
export class ProvidersModule {}
