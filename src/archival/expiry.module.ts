import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ArchivalSetting } from './archival-setting.entity';
import { ArchivalSettings } from './archival-settings.service';
import { Expiry } from './expiry';

/** For whoever stores health data, without the routes and the nightly work. */
@Module({
  imports: [TypeOrmModule.forFeature([ArchivalSetting])],
  providers: [ArchivalSettings, Expiry],
  exports: [ArchivalSettings, Expiry],
})
export class ExpiryModule {}
