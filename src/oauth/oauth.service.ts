import { BadRequestException, Injectable, Logger } from '@nestjs/common';
import { serverSettings } from '../config/env';
import { ActivationService } from '../connections/activation.service';
import { ConnectionsService } from '../connections/connections.service';
import type { WearableProvider } from '../providers/provider';
import { ProviderRegistry } from '../providers/provider.registry';
import { mustBeConfigured, ProviderSettings } from '../providers/provider-settings.service';
import {
  failureOf,
  missingParameters,
  noNewSignIns,
  otherBrowser,
  vendorFailure,
  type OAuthFailure,
} from './oauth-failure';
import { browserSecretIn, isBrowser } from './browser-cookie';
import { OAuthPassport } from './oauth-passport';
import { OAuthStateStore, type ReturnedAuthorization } from './oauth-state.store';
import type { AuthorizationRead, AuthorizeQuery } from './oauth.dto';
import { errorPage, successPage } from './own-pages';
import { RedirectTargets, withQuery } from './redirect-target';
import { SignInLog } from './sign-in-log';
import { comesBackByHttps, StartService } from './start.service';

/** The query of a callback; vendors add parameters as they please (RFC 6749 section 4.1.2). */
export type CallbackQuery = Record<string, unknown>;

@Injectable()
export class OAuthService {
  private readonly logger = new Logger(OAuthService.name);
  private readonly redirects = new RedirectTargets(serverSettings().OAUTH_REDIRECT_ORIGINS);

  constructor(
    private readonly passport: OAuthPassport,
    private readonly states: OAuthStateStore,
    private readonly registry: ProviderRegistry,
    private readonly connections: ConnectionsService,
    private readonly activation: ActivationService,
    private readonly signIns: SignInLog,
    private readonly starts: StartService,
    private readonly settings: ProviderSettings,
  ) {}

  /**
   * @param isAnonymous called without a credential
   * @throws BadRequestException, NotFoundException
   */
  async authorize(
    slug: string,
    { user_id, redirect_uri }: AuthorizeQuery,
    isAnonymous: boolean,
  ): Promise<AuthorizationRead> {
    const { definition } = this.configured(slug);
    if (!(await this.settings.isEnabled(slug))) throw new BadRequestException(switchedOff(slug));
    if (isAnonymous && redirect_uri === undefined) throw new BadRequestException(NEEDS_REDIRECT_URI);
    const redirectUri = redirect_uri === undefined ? null : this.redirects.check(redirect_uri);
    await this.connections.requireUser(user_id);
    const authorization = { provider: slug, userId: user_id, redirectUri, browserHash: null };
    if (isAnonymous) return this.starts.open(definition, authorization);
    const url = await this.passport.authorizationUrl(authorization);
    await this.signIns.begun({ userId: user_id, provider: slug });
    return { authorization_url: url, state: new URL(url).searchParams.get('state') ?? '' };
  }

  /**
   * Ends a flow, one way or the other.
   * @param cookies the header that the browser sent
   * @returns where the browser goes
   * @throws BadRequestException where no flow is known to which this callback could belong
   */
  async callback(slug: string, query: CallbackQuery, cookies: string | undefined): Promise<string> {
    const provider = this.configured(slug);
    const [state, code, error, description] = ['state', 'code', 'error', 'error_description'].map((name) =>
      textOf(query[name]),
    );
    if (state === undefined)
      return failed(null, error ? vendorFailure(error, description) : missingParameters);
    const returned = await this.states.consume(state);
    if (!returned) throw new BadRequestException('Invalid or expired state parameter');
    if (returned.provider !== slug) throw new BadRequestException('Provider mismatch in state');

    const failure =
      (await this.refusal(provider, returned, cookies)) ??
      (error !== undefined
        ? vendorFailure(error, description)
        : code === undefined
          ? missingParameters
          : await this.connect(provider, returned, code, state));
    this.logger.log({ msg: 'authorization ended', provider: slug, error: failure?.error ?? null });
    if (failure === null) {
      await this.signIns.succeeded(returned);
      return succeeded(returned);
    }
    await this.signIns.failed(returned, failure.error);
    return failed(returned, failure);
  }

  /** @returns null for a flow that may go on */
  private async refusal(
    { definition }: WearableProvider,
    { provider, browserHash }: ReturnedAuthorization,
    cookies: string | undefined,
  ): Promise<OAuthFailure | null> {
    const secret = browserSecretIn(cookies, comesBackByHttps(definition));
    if (browserHash !== null && !isBrowser(secret, browserHash)) return otherBrowser;
    return (await this.settings.isEnabled(provider)) ? null : noNewSignIns;
  }

  /** @returns null when the connection is active */
  private async connect(
    provider: WearableProvider,
    returned: ReturnedAuthorization,
    code: string,
    state: string,
  ): Promise<OAuthFailure | null> {
    try {
      const tokens = await this.passport.exchange(returned, code, state);
      const account = await provider.fetchAccount({
        accessToken: tokens.accessToken,
        connectionId: null,
        urgency: 'user',
      });
      await this.activation.activate({
        userId: returned.userId,
        provider: returned.provider,
        account,
        tokens,
      });
      return null;
    } catch (error) {
      const failure = failureOf(error);
      if (failure) return failure;
      this.logger.error(error);
      return { error: 'server_error', description: 'The server could not complete the authorization.' };
    }
  }

  /** @throws BadRequestException */
  private configured(slug: string): WearableProvider {
    const provider = this.registry.get(slug);
    mustBeConfigured(provider.definition);
    return provider;
  }
}

const NEEDS_REDIRECT_URI =
  'A call without a credential needs a redirect_uri whose origin OAUTH_REDIRECT_ORIGINS lists. Send one, or an API key with the scope connect.';

const switchedOff = (slug: string) =>
  `Provider '${slug}' is switched off on this server: no new user can connect. A developer can switch it on with PUT /api/v1/oauth/providers/${slug}.`;

function succeeded({ redirectUri, provider, userId }: ReturnedAuthorization): string {
  return redirectUri ?? successPage(provider, userId);
}

function failed(returned: ReturnedAuthorization | null, { error, description }: OAuthFailure): string {
  if (returned?.redirectUri) {
    return withQuery(returned.redirectUri, { error, error_description: description });
  }
  const message = error === missingParameters.error ? description : `${error}: ${description}`;
  return errorPage(message);
}

/** A parameter given twice counts as not given (RFC 6749 section 3.1). */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
