import type { AccessTokens } from '../connections/access-tokens.service';
import type { Connection } from '../connections/connection.entity';
import type { AccountAccess, Urgency } from '../providers/provider';
import { ProviderUnauthorized } from '../providers/provider-errors';

/**
 * The access token of one run, for many calls at once: read once, renewed at most once, so that neither an expired
 * token nor a dead token endpoint costs more than one request to it.
 */
export class AccountSession {
  private current?: Promise<AccountAccess>;
  private renewed?: Promise<AccountAccess>;

  constructor(
    private readonly tokens: Pick<AccessTokens, 'current' | 'refreshed' | 'refusedAgain'>,
    private readonly connection: Connection,
    private readonly urgency: Urgency = 'live',
  ) {}

  /** @throws what `send` and `AccessTokens` throw; ProviderUnauthorized once a renewed token was refused too */
  async call<T>(send: (account: AccountAccess) => Promise<T>): Promise<T> {
    this.current ??= this.tokens.current(this.connection);
    const isRenewed = this.renewed !== undefined;
    const account = await (this.renewed ?? this.current);
    try {
      return await send({ ...account, urgency: this.urgency });
    } catch (error) {
      if (!(error instanceof ProviderUnauthorized)) throw error;
      if (isRenewed) {
        await this.tokens.refusedAgain(this.connection);
        throw error;
      }
      this.renewed ??= this.tokens.refreshed(this.connection, account);
      return this.call(send);
    }
  }
}
