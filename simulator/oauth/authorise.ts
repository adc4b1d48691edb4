import { Exchange } from '../http/exchange';
import { html, redirect, Reply } from '../http/reply';
import { ACCOUNT_STEP, findPersona, PERSONAS } from '../life/personas';
import { acceptsRedirect, OAuthClient } from './client';
import { AuthorizeRequest, consentPage, problemPage } from './consent-page';
import { GrantStore } from './grant-store';
import { isScope, Scope, splitScopes } from './scope';

export function showConsent(exchange: Exchange, client: OAuthClient): Reply {
  const request = readRequest(exchange.query, exchange.query.get('scope') ?? 'profile', client);
  return 'reply' in request ? request.reply : html(200, consentPage(request, PERSONAS));
}

export function decideConsent(exchange: Exchange, client: OAuthClient, grants: GrantStore): Reply {
  const form = new URLSearchParams(exchange.body);
  const request = readRequest(form, form.get('requested_scope') ?? form.getAll('scope').join(' '), client);
  if ('reply' in request) return request.reply;
  if (form.get('decision') !== 'allow') {
    return goBack(request, {
      error: 'access_denied',
      error_description: 'The resource owner or authorization server denied the request.',
    });
  }
  const account = Number(form.get('persona')) + ACCOUNT_STEP * Number(form.get('copy') ?? 0);
  const persona = findPersona(account);
  if (!persona) return html(400, consentPage(request, PERSONAS, 'Choose whose data to share.'));
  const scopes = form
    .getAll('scope')
    .flatMap(splitScopes)
    .filter((scope) => isOneOf(request.scopes, scope) && !isOneOf(persona.deniedScopes, scope));
  if (scopes.length === 0)
    return html(400, consentPage(request, PERSONAS, 'Choose at least one thing to share.'));
  const code = grants.issueCode({
    user: account,
    scopes: scopes.filter(isScope),
    clientId: request.clientId,
    redirectUri: request.redirectUri,
  });
  return goBack(request, { code });
}

/** Without a trusted client and redirect there is nobody to send the browser back to. */
function readRequest(
  fields: URLSearchParams,
  scope: string,
  client: OAuthClient,
): AuthorizeRequest | { reply: Reply } {
  const clientId = fields.get('client_id') ?? '';
  const redirectUri = fields.get('redirect_uri') ?? '';
  if (clientId !== client.id) return refuse('Unknown application', `There is no application "${clientId}".`);
  if (!acceptsRedirect(client, redirectUri)) {
    return refuse(
      'Redirect not allowed',
      `The redirect URI "${redirectUri}" is not registered for this application.`,
    );
  }
  const scopes = splitScopes(scope);
  const request = { clientId, redirectUri, state: fields.get('state') ?? '', scopes: scopes.filter(isScope) };
  if (fields.get('response_type') !== 'code') {
    const error_description = 'The authorization server does not support this response type.';
    return { reply: goBack(request, { error: 'unsupported_response_type', error_description }) };
  }
  if (scopes.length === 0 || !scopes.every(isScope)) {
    const error_description = 'The requested scope is invalid, unknown, or malformed.';
    return { reply: goBack(request, { error: 'invalid_scope', error_description }) };
  }
  return request;
}

function refuse(title: string, detail: string): { reply: Reply } {
  return { reply: html(400, problemPage(title, detail)) };
}

function goBack(request: AuthorizeRequest, answer: Record<string, string>): Reply {
  const target = new URL(request.redirectUri);
  for (const [key, value] of Object.entries(answer)) target.searchParams.set(key, value);
  if (request.state !== '') target.searchParams.set('state', request.state);
  return redirect(target.href);
}

function isOneOf(scopes: readonly Scope[], name: string): boolean {
  return scopes.some((scope) => scope === name);
}
