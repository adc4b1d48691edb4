import { Inject, Injectable } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import type { LocalDate } from '../../health-data/canonical';
import type { AccountAccess } from '../provider';
import { ProviderHttp, type ProviderResponse } from '../provider-http';
import { ultrahumanConfig } from './ultrahuman.config';

const PROVIDER = 'ultrahuman';

/**
 * HTTP only: asks, and reads no body. Every method throws ProviderUnauthorized, ProviderForbidden,
 * ProviderRateLimited or ProviderUnavailable.
 */
@Injectable()
export class UltrahumanClient {
  constructor(
    private readonly http: ProviderHttp,
    @Inject(ultrahumanConfig.KEY) private readonly settings: ConfigType<typeof ultrahumanConfig>,
  ) {}

  /** One local day of everything. A 404 is an answer here: the vendor has no data for the date. */
  async metrics({ accessToken }: AccountAccess, date: LocalDate): Promise<ProviderResponse> {
    const url = `${this.settings.ULTRAHUMAN_API_BASE_URL}/user_data/metrics?date=${encodeURIComponent(date)}`;
    const response = await this.get('metrics', url, accessToken);
    return response.status === 404
      ? response
      : this.http.expectOk({ provider: PROVIDER, operation: 'metrics' }, response);
  }

  /** Whose token it is; the route lies beside the token endpoint (Doorkeeper's `/oauth/token/info`). */
  async tokenInfo({ accessToken }: AccountAccess): Promise<ProviderResponse> {
    const url = `${this.settings.ULTRAHUMAN_TOKEN_URL.replace(/\/$/, '')}/info`;
    const response = await this.get('token_info', url, accessToken);
    return this.http.expectOk({ provider: PROVIDER, operation: 'token_info' }, response);
  }

  async userInfo({ accessToken }: AccountAccess): Promise<ProviderResponse> {
    const url = `${this.settings.ULTRAHUMAN_API_BASE_URL}/user_data/user_info`;
    const response = await this.get('user_info', url, accessToken);
    return this.http.expectOk({ provider: PROVIDER, operation: 'user_info' }, response);
  }

  private get(operation: string, url: string, accessToken: string): Promise<ProviderResponse> {
    const headers = { authorization: `Bearer ${accessToken}` };
    return this.http.request({ provider: PROVIDER, operation, method: 'GET', url, headers });
  }
}
