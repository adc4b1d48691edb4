import { Inject, Injectable } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import type { LocalDate } from '../../health-data/canonical';
import type { AccountAccess, ProviderDefinition } from '../provider';
import { ProviderHttp, type ProviderResponse } from '../provider-http';
import { ultrahumanConfig } from './ultrahuman.config';
import { ultrahumanDefinition } from './ultrahuman.definition';

/**
 * HTTP only: asks, and reads no body. Every method throws ProviderUnauthorized, ProviderForbidden,
 * ProviderRateLimited or ProviderUnavailable.
 */
@Injectable()
export class UltrahumanClient {
  private readonly provider: ProviderDefinition;

  constructor(
    private readonly http: ProviderHttp,
    @Inject(ultrahumanConfig.KEY) private readonly settings: ConfigType<typeof ultrahumanConfig>,
  ) {
    this.provider = ultrahumanDefinition(settings);
  }

  /** One local day of everything. A 404 is an answer here: the vendor has no data for the date. */
  async metrics(account: AccountAccess, date: LocalDate): Promise<ProviderResponse> {
    const url = `${this.settings.ULTRAHUMAN_API_BASE_URL}/user_data/metrics?date=${encodeURIComponent(date)}`;
    const response = await this.get('metrics', url, account);
    return response.status === 404
      ? response
      : this.http.expectOk({ provider: this.provider, operation: 'metrics' }, response);
  }

  /** Whose token it is; the route lies beside the token endpoint (Doorkeeper's `/oauth/token/info`). */
  async tokenInfo(account: AccountAccess): Promise<ProviderResponse> {
    const url = `${this.settings.ULTRAHUMAN_TOKEN_URL.replace(/\/$/, '')}/info`;
    const response = await this.get('token_info', url, account);
    return this.http.expectOk({ provider: this.provider, operation: 'token_info' }, response);
  }

  async userInfo(account: AccountAccess): Promise<ProviderResponse> {
    const url = `${this.settings.ULTRAHUMAN_API_BASE_URL}/user_data/user_info`;
    const response = await this.get('user_info', url, account);
    return this.http.expectOk({ provider: this.provider, operation: 'user_info' }, response);
  }

  private get(operation: string, url: string, account: AccountAccess): Promise<ProviderResponse> {
    const headers = { authorization: `Bearer ${account.accessToken}` };
    const { provider } = this;
    return this.http.request({ provider, operation, caller: account, method: 'GET', url, headers });
  }
}
