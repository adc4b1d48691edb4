import { createHmac } from 'node:crypto';
import { signingKey } from '../../src/access/developers/developer-tokens';
import { TEST_ENVIRONMENT } from './app';

/** With it a forged token cannot be told from one of a test's server. */
export const SERVERS_OWN_SECRET = signingKey(TEST_ENVIRONMENT.API_KEY_PEPPER);

/** A JWT (RFC 7519) that no server has issued. */
export function forgedToken(claims: object, secret = SERVERS_OWN_SECRET): string {
  const content = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

export const unsignedToken = (claims: object): string =>
  `${base64url({ alg: 'none' })}.${base64url(claims)}.`;

export const claimsOf = (token: string): object =>
  JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
