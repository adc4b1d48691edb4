import { Injectable } from '@nestjs/common';
import { ConnectionsService } from '../connections/connections.service';
import { contentSecurityPolicy } from '../http/html-page';
import type { ProviderDefinition } from '../providers/provider';
import { ProviderRegistry } from '../providers/provider.registry';
import { ProviderSettings } from '../providers/provider-settings.service';
import {
  browserCookie,
  browserHash,
  browserSecretIn,
  confirmationOf,
  isConfirmed,
  newBrowserSecret,
} from './browser-cookie';
import { OAuthPassport } from './oauth-passport';
import { OAuthStateStore, type Authorization } from './oauth-state.store';
import type { AuthorizationRead } from './oauth.dto';
import { errorPage } from './own-pages';
import { withQuery } from './redirect-target';
import { SignInLog } from './sign-in-log';
import { startPage } from './start-page';

/** What a browser gets: a page, or another place to go to. */
export type BrowserAnswer =
  { html: string; cookie: string; contentSecurityPolicy: string } | { location: string };

/** What a browser brings to the start page. */
export interface Visit {
  provider: string;
  token: string;
  cookies: string | undefined;
}

/**
 * Sign-ins that anybody may start, since their app holds no key. They lead over a page of this server that says which app
 * asks for which user, and only the browser in which somebody has agreed there can end them.
 */
@Injectable()
export class StartService {
  constructor(
    private readonly states: OAuthStateStore,
    private readonly passport: OAuthPassport,
    private readonly registry: ProviderRegistry,
    private readonly settings: ProviderSettings,
    private readonly connections: ConnectionsService,
    private readonly signIns: SignInLog,
  ) {}

  /** @returns the address of the page, which lies beside the callback: its cookie goes to both */
  async open({ credentials }: ProviderDefinition, authorization: Authorization): Promise<AuthorizationRead> {
    const state = await this.states.openStart(authorization);
    const page = new URL('start', credentials!.redirectUri).href;
    return { authorization_url: withQuery(page, { request: state }), state };
  }

  async show({ provider, token, cookies }: Visit): Promise<BrowserAnswer> {
    const definition = this.registry.find(provider)?.definition;
    const authorization = await this.states.readStart(token);
    if (definition === undefined || authorization?.provider !== provider) return OVER;
    const { firstName, lastName, id } = await this.connections.requireUser(authorization.userId);
    const isHttps = comesBackByHttps(definition);
    const secret = browserSecretIn(cookies, isHttps) ?? newBrowserSecret();
    const html = startPage({
      app: appOf(authorization),
      provider: definition.name,
      user: [firstName, lastName].filter(Boolean).join(' ') || `user ${id}`,
      action: withQuery('start', { request: token, confirmation: confirmationOf(secret, token) }),
    });
    return {
      html,
      cookie: browserCookie(secret, isHttps),
      contentSecurityPolicy: contentSecurityPolicy(
        `'self' https: ${originOf(definition.oauth.authorizeUrl)}`,
      ),
    };
  }

  /** @returns where the browser goes: to the provider */
  async confirm({ provider, token, cookies }: Visit, confirmation: string): Promise<string> {
    const definition = this.registry.find(provider)?.definition;
    const secret = definition && browserSecretIn(cookies, comesBackByHttps(definition));
    if (!secret || !isConfirmed(secret, token, confirmation)) return NO_COOKIE.location;
    const authorization = await this.states.consumeStart(token);
    if (authorization?.provider !== provider || !(await this.settings.isEnabled(provider)))
      return OVER.location;
    const url = await this.passport.authorizationUrl({ ...authorization, browserHash: browserHash(secret) });
    await this.signIns.begun(authorization);
    return url;
  }
}

const OVER = {
  location: errorPage('This request is over, or has been used. Go back to your app and start again.'),
};
const NO_COOKIE = {
  location: errorPage(
    'The browser did not send back the cookie of this page. Allow cookies, go back to your app and start again.',
  ),
};

export const comesBackByHttps = ({ credentials }: ProviderDefinition): boolean =>
  credentials?.redirectUri.startsWith('https:') ?? false;

const originOf = (url: string): string => new URL(url).origin;

const appOf = ({ redirectUri }: Authorization): string =>
  redirectUri === null ? 'An app' : new URL(redirectUri).host;
