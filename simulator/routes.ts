import { bearerToken, Exchange, readFields } from './http/exchange';
import { Reply } from './http/reply';
import { userInfo } from './vendor/user-info';
import { metrics } from './vendor/metrics';
import { decideConsent, showConsent } from './oauth/authorise';
import { exchangeToken, revokeToken, tokenInfo } from './oauth/token-endpoint';
import { World } from './world';

export interface Route {
  name: string;
  method: string;
  paths: string[];
  /** Counts against the rate limit, when one is set. */
  limited?: boolean;
  answer(exchange: Exchange, world: World): Reply;
}

/** British spelling is what works at the vendor; the other is what its prose says. */
const authorisePaths = ['/authorise', '/authorize'];

export const ROUTES: readonly Route[] = [
  {
    name: 'authorise',
    method: 'GET',
    paths: authorisePaths,
    answer: (exchange, { client }) => showConsent(exchange, client),
  },
  {
    name: 'authorise',
    method: 'POST',
    paths: authorisePaths,
    answer: (exchange, { client, grants }) => decideConsent(exchange, client, grants),
  },
  {
    name: 'token',
    method: 'POST',
    paths: ['/api/partners/oauth/token'],
    answer: exchangeToken,
  },
  {
    name: 'token_info',
    method: 'GET',
    paths: ['/api/partners/oauth/token/info'],
    answer: tokenInfo,
  },
  {
    name: 'revoke',
    method: 'POST',
    paths: ['/api/partners/oauth/revoke'],
    answer: revokeToken,
  },
  {
    name: 'user_info',
    method: 'GET',
    paths: ['/api/partners/v1/user_data/user_info'],
    limited: true,
    answer: userInfo,
  },
  {
    name: 'metrics',
    method: 'GET',
    paths: ['/api/partners/v1/user_data/metrics'],
    limited: true,
    answer: metrics,
  },
];

export interface Subject {
  user: number | null;
  date: string | null;
  grant_type: string | null;
}

/** Whom and which date a request is about, found before it is answered: faults aim at it, the log names it. */
export function subjectOf(exchange: Exchange, world: World): Subject {
  const date = exchange.query.get('date');
  const user = world.grants.ownerOf(secretOf(exchange));
  const asksForTokens = exchange.method === 'POST' && bearerToken(exchange) === null;
  return { user, date, grant_type: asksForTokens ? readFields(exchange).get('grant_type') : null };
}

/** The token or code that a request came with. */
export function secretOf(exchange: Exchange): string | null {
  const bearer = bearerToken(exchange);
  if (bearer !== null || exchange.method !== 'POST') return bearer;
  const fields = readFields(exchange);
  return fields.get('refresh_token') ?? fields.get('code') ?? fields.get('token');
}
