import { timingSafeEqual } from 'node:crypto';
import { bearerToken, Exchange, readFields } from '../http/exchange';
import { json, Reply } from '../http/reply';
import { World } from '../world';
import { OAuthClient } from './client';
import { Grant } from './grant-store';

const noStore = { 'cache-control': 'no-store' };

/** Error codes and words are those of Doorkeeper, which the vendor's server appears to be. */
const descriptions = {
  invalid_client:
    'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
  invalid_grant:
    'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.',
  unsupported_grant_type: 'The authorization grant type is not supported by the authorization server.',
  unauthorized_client: 'You are not authorized to revoke this token',
  invalid_token: 'The access token is invalid',
};

type Server = Pick<World, 'client' | 'grants' | 'skewSeconds'>;

export function exchangeToken(exchange: Exchange, server: Server): Reply {
  const { client, grants } = server;
  const fields = readFields(exchange);
  const field = (name: string) => fields.get(name) ?? '';
  if (!authenticates(fields, client)) return refuse(401, 'invalid_client');
  const grantType = field('grant_type');
  if (grantType === 'authorization_code') {
    const missing = ['code', 'redirect_uri'].find((name) => field(name) === '');
    if (missing !== undefined) return missingParameter(missing);
    return answerGrant(server, grants.redeemCode(field('code'), client.id, field('redirect_uri')));
  }
  if (grantType === 'refresh_token') {
    if (field('refresh_token') === '') return missingParameter('refresh_token');
    return answerGrant(server, grants.rotate(field('refresh_token'), client.id));
  }
  return grantType === '' ? missingParameter('grant_type') : refuse(400, 'unsupported_grant_type');
}

export function tokenInfo(exchange: Exchange, { grants, skewSeconds }: Server): Reply {
  const grant = grants.findAccess(bearerToken(exchange));
  if (!grant) return refuse(401, 'invalid_token');
  return json(200, {
    resource_owner_id: grant.owner ?? grant.user,
    scope: grant.scopes,
    expires_in: grant.expiresAt - grants.now(),
    application: { uid: grant.clientId },
    created_at: grant.createdAt + skewSeconds,
  });
}

/** An unknown token is as good as revoked, so the answer does not tell them apart. */
export function revokeToken(exchange: Exchange, { client, grants }: Server): Reply {
  const fields = readFields(exchange);
  if (!authenticates(fields, client)) return refuse(403, 'unauthorized_client');
  grants.revokeToken(fields.get('token') ?? '');
  return json(200, {});
}

function answerGrant({ grants, skewSeconds }: Server, grant: Grant | null): Reply {
  if (!grant) return refuse(400, 'invalid_grant');
  const answer = {
    access_token: grant.accessToken,
    token_type: 'Bearer',
    expires_in: grant.expiresAt - grants.now(),
    refresh_token: grant.refreshToken,
    scope: grant.scopes.join(' '),
    created_at: grant.createdAt + skewSeconds,
  };
  return json(200, answer, noStore);
}

function authenticates(fields: URLSearchParams, client: OAuthClient): boolean {
  const secret = Buffer.from(fields.get('client_secret') ?? '');
  const expected = Buffer.from(client.secret);
  const matches = secret.length === expected.length && timingSafeEqual(secret, expected);
  return matches && fields.get('client_id') === client.id;
}

function refuse(status: number, error: keyof typeof descriptions): Reply {
  const challenge = `Bearer realm="Doorkeeper", error="${error}", error_description="${descriptions[error]}"`;
  const headers = status === 401 ? { ...noStore, 'www-authenticate': challenge } : noStore;
  return json(status, { error, error_description: descriptions[error] }, headers);
}

function missingParameter(name: string): Reply {
  const error_description = `Missing required parameter: ${name}.`;
  return json(400, { error: 'invalid_request', error_description }, noStore);
}
