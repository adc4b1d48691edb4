import { Injectable, Logger } from '@nestjs/common';
import { Failpoints } from '../database/failpoints';
import { ProviderClientRefused } from '../providers/provider-errors';
import { ProviderRegistry } from '../providers/provider.registry';
import { TokenEndpoint } from '../providers/token-endpoint';
import type { Connection } from './connection.entity';
import type { Credential } from './credential.entity';
import { CredentialStore } from './credential.store';
import { TokenEndpoints } from './token-endpoints';
import { replaces, TokenJournal, type ReceivedPair } from './token-journal';

/** A refresh at the vendor, with its trace: wherever the process dies, the next one can tell how far it came. */
@Injectable()
export class TokenRequest {
  private readonly logger = new Logger(TokenRequest.name);

  constructor(
    private readonly endpoints: TokenEndpoints,
    private readonly credentials: CredentialStore,
    private readonly registry: ProviderRegistry,
    private readonly tokenEndpoint: TokenEndpoint,
    private readonly journal: TokenJournal,
    private readonly failpoints: Failpoints,
  ) {}

  /** A pair that came for this version and was not stored. */
  async answered(credential: Credential): Promise<ReceivedPair | null> {
    const pair = await this.journal.find(credential);
    return pair !== null && replaces(pair, credential) ? pair : null;
  }

  /**
   * For the holder of the credential's lock.
   * @returns the pair, which is in the journal by then
   * @throws what `TokenEndpoint.refresh` throws
   */
  async send({ id, provider }: Connection, credential: Credential, now: Date): Promise<ReceivedPair> {
    const refreshToken = this.credentials.refreshToken(credential);
    if (refreshToken === null) throw new Error(`The connection ${id} has no refresh token`);
    if (!(await this.endpoints.admits(provider))) {
      throw new ProviderClientRefused(`'${provider}' refuses this server's client id or secret`);
    }
    if (credential.answerLostAt) {
      this.logger.warn({ msg: 'refresh retried after a lost answer', connection: id });
    }
    await this.credentials.markAttempt(credential, now);
    await this.failpoints.reach('refresh.before-send');
    const { definition } = this.registry.get(provider);
    const sent = () => void this.failpoints.reach('refresh.after-send');
    const tokens = await this.tokenEndpoint.refresh(definition, refreshToken, id, sent);
    const pair = await this.journal.keep(credential, tokens);
    await this.failpoints.reach('refresh.after-response');
    return pair;
  }

  /** Once the pair is committed. */
  async done(pair: ReceivedPair): Promise<void> {
    await this.failpoints.reach('refresh.after-commit');
    await this.journal.forget(pair);
    await this.failpoints.reach('refresh.before-unlock');
  }
}
