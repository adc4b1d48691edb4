import { Injectable } from '@nestjs/common';
import type { ProviderDefinition, VendorCaller } from './provider';
import {
  ProviderAnswerLost,
  ProviderClientRefused,
  ProviderGrantRefused,
  ProviderUnavailable,
  type ProviderError,
} from './provider-errors';
import { ProviderHttp, type ProviderCall, type ProviderResponse } from './provider-http';

/** RFC 6749 section 5.1 */
export interface TokenAnswer {
  accessToken: string;
  /** Null where the vendor keeps the old one valid. */
  refreshToken: string | null;
  expiresInSeconds: number | null;
  scope: string | null;
}

export interface RevokedToken {
  token: string;
  type: 'access_token' | 'refresh_token';
}

const TOKEN = 'token';
const REVOKE = 'revoke';

@Injectable()
export class TokenEndpoint {
  constructor(private readonly http: ProviderHttp) {}

  /**
   * RFC 6749 section 6.
   * @param connectionId whose token it is: by it the breaker tells one user's trouble from the vendor's
   * @throws ProviderGrantRefused when the refresh token is no longer accepted
   * @throws ProviderClientRefused when this server's own credentials are not accepted
   * @throws ProviderAnswerLost when the vendor may have replaced the refresh token, and the new one did not arrive or
   * cannot be read
   * @throws ProviderRateLimited, ProviderUnavailable for all else: nothing is known about the refresh token then, unless
   * they tell a `retryAt` of a call that was not sent
   */
  refresh(
    definition: ProviderDefinition,
    refreshToken: string,
    connectionId: string,
    onSent?: () => void,
  ): Promise<TokenAnswer> {
    const grant = { grant_type: 'refresh_token', refresh_token: refreshToken };
    return this.send(definition, grant, { connectionId, urgency: 'live' }, onSent);
  }

  /**
   * The grant of a sign-in; the client's authentication is added.
   * @throws the same errors as `refresh`
   */
  request(definition: ProviderDefinition, grant: Record<string, string>): Promise<TokenAnswer> {
    return this.send(definition, grant, { connectionId: null, urgency: 'user' });
  }

  /**
   * RFC 7009 section 2.1. A vendor answers 200 for a token that it does not know, too.
   * @throws ProviderError for every other answer
   */
  async revoke(definition: ProviderDefinition, { token, type }: RevokedToken): Promise<void> {
    const { revokeUrl } = definition.oauth;
    if (revokeUrl === null) return;
    const fields = { token, token_type_hint: type };
    const call = formCall(definition, { operation: REVOKE, url: revokeUrl, fields });
    const caller = { connectionId: null, urgency: 'backfill' } as const;
    this.http.expectOk(call, await this.http.request({ ...call, caller }));
  }

  private async send(
    definition: ProviderDefinition,
    fields: Record<string, string>,
    caller: VendorCaller,
    onSent?: () => void,
  ): Promise<TokenAnswer> {
    const call = formCall(definition, { operation: TOKEN, url: definition.oauth.tokenUrl, fields });
    return this.read(call, await this.http.request({ ...call, caller, onSent }));
  }

  private read(call: Pick<ProviderCall, 'provider' | 'operation'>, response: ProviderResponse): TokenAnswer {
    // A gateway in trouble may put any body behind its status.
    if (response.status === 429 || response.status >= 500) this.http.expectOk(call, response);
    const body = parseJson(response.body);
    if (response.status < 300) return parseTokenAnswer(body);
    throw (
      oauthError(body) ?? new ProviderUnavailable(`${call.provider.slug} ${TOKEN}: status ${response.status}`)
    );
  }
}

/**
 * Reads what a token endpoint said behind a status of success: tokens, or the error of RFC 6749 section 5.2.
 * @param body the parsed JSON
 * @throws ProviderGrantRefused for `invalid_grant`
 * @throws ProviderClientRefused for `invalid_client`
 * @throws ProviderUnavailable for every other error
 * @throws ProviderAnswerLost for a body without a token: a pair may have been given, and got lost on its way
 */
export function parseTokenAnswer(body: unknown): TokenAnswer {
  const error = oauthError(body);
  if (error) throw error;
  const answer = isRecord(body) ? body : {};
  const accessToken = text(answer.access_token);
  if (accessToken === null) throw new ProviderAnswerLost('The token endpoint gave no access token');
  return {
    accessToken,
    refreshToken: text(answer.refresh_token),
    expiresInSeconds: seconds(answer.expires_in),
    scope: text(answer.scope),
  };
}

function oauthError(body: unknown): ProviderError | null {
  if (!isRecord(body) || typeof body.error !== 'string') return null;
  if (body.error === 'invalid_grant')
    return new ProviderGrantRefused('The token endpoint answered invalid_grant');
  if (body.error === 'invalid_client')
    return new ProviderClientRefused('The token endpoint answered invalid_client');
  return new ProviderUnavailable(`The token endpoint answered ${errorCode(body.error)}`);
}

/** A form with the client's authentication, as both of OAuth's own endpoints take it. */
function formCall(
  definition: ProviderDefinition,
  { operation, url, fields }: { operation: string; url: string; fields: Record<string, string> },
) {
  const client = clientAuthentication(definition);
  return {
    provider: definition,
    operation,
    endpointClass: 'token',
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...client.headers },
    body: new URLSearchParams({ ...fields, ...client.fields }).toString(),
  } as const;
}

/** RFC 6749 section 2.3.1 */
function clientAuthentication({ slug, oauth, credentials, missingSettings }: ProviderDefinition): {
  headers: Record<string, string>;
  fields: Record<string, string>;
} {
  if (!credentials)
    throw new ProviderUnavailable(`${slug} is not configured: set ${missingSettings.join(' and ')}`);
  const { clientId, clientSecret } = credentials;
  if (oauth.clientAuthentication === 'body')
    return { headers: {}, fields: { client_id: clientId, client_secret: clientSecret } };
  const pair = [clientId, clientSecret].map(encodeURIComponent).join(':');
  return { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, fields: {} };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function seconds(value: unknown): number | null {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? Math.floor(count) : null;
}

/** An error code is one short word (RFC 6749 section 5.2); anything else does not belong into a message. */
const errorCode = (code: string): string => (/^[a-z_]{1,40}$/.test(code) ? code : 'an unknown error');
