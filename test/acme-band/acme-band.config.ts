import { registerAs } from '@nestjs/config';
import { IsOptional, IsUrl } from 'class-validator';
import { providerSettingsReader } from '../../src/config/env';

export class AcmeBandSettings {
  @IsOptional()
  @IsUrl({ require_tld: false }, { message: 'ACME_BAND_URL must be the URL of the vendor' })
  ACME_BAND_URL?: string;
}

export const acmeBandConfig = registerAs('acme-band', providerSettingsReader(AcmeBandSettings));
