import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { Clock } from '../database/clock';
import { ProviderError } from '../providers/provider-errors';
import { ProviderRegistry } from '../providers/provider.registry';
import { AccessTokens } from './access-tokens.service';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { JournalReplay } from './journal-replay';
import { TokenEndpoints } from './token-endpoints';

const TICK_MS = 1_000;
/** Fewer than the pool of refreshes holds, so that one of a sync always finds a place. */
const AT_ONCE = 3;
const LEFTOVERS_MS = 10_000;
/** For the answers that are under way at shutdown. */
const DRAIN_MS = 10_000;
const AFTER_BREAK_MS = 60_000;

/**
 * Goes on with refreshes that brought nothing: at once with one whose process died or whose answer was lost, since the
 * vendor forgives a second use for seconds only; later with one that the vendor could not serve.
 */
@Injectable()
export class RefreshSweep implements BeforeApplicationShutdown {
  private readonly logger = new Logger(RefreshSweep.name);
  private readonly running = new Set<Promise<void>>();
  private ticking?: Promise<void>;
  private isEnding = false;
  private isBlind = false;

  constructor(
    private readonly database: DataSource,
    private readonly tokens: AccessTokens,
    private readonly replay: JournalReplay,
    private readonly endpoints: TokenEndpoints,
    private readonly registry: ProviderRegistry,
    private readonly clock: Clock,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    let patience: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => (patience = setTimeout(resolve, DRAIN_MS)));
    await Promise.race([this.idle(), enough]);
    clearTimeout(patience);
  }

  /** Once nothing is under way. */
  async idle(): Promise<void> {
    while (this.ticking || this.running.size > 0) await Promise.all([this.ticking, ...this.running]);
  }

  /** Never throws. */
  @Interval('refresh', TICK_MS)
  async tick(): Promise<void> {
    if (this.isEnding) return;
    this.ticking ??= this.look()
      .then(() => (this.isBlind = false))
      .catch((error: unknown) => this.complain(error))
      .then(() => (this.ticking = undefined));
    await this.ticking;
  }

  /** What dead processes left in the journal; who still waits for an outage that is over; and one whose end nobody sees. */
  @Interval('refresh-leftovers', LEFTOVERS_MS)
  async tidy(): Promise<void> {
    if (this.isEnding) return;
    try {
      await this.replay.takeOver();
      if (!this.clock.isTrusted) return;
      await this.endpoints.releaseWaiting();
      await this.endpoints.letOneAsk();
    } catch (error) {
      this.complain(error);
    }
  }

  private async look(): Promise<void> {
    if (!this.clock.isTrusted) return;
    const room = AT_ONCE - this.running.size;
    if (room <= 0) return;
    const providers = this.registry.all().map(({ definition }) => definition.slug);
    const keys: Key[] = await this.database.query(OPEN_REFRESHES, [this.clock.now(), providers, room]);
    for (const key of keys) {
      const resumed = this.resume(key).finally(() => this.running.delete(resumed));
      this.running.add(resumed);
    }
  }

  /** Once an outage of the database. */
  private complain(error: unknown): void {
    if (!this.isBlind) this.logger.warn({ msg: 'looking for open refreshes failed', err: error });
    this.isBlind = true;
  }

  private async resume(key: Key): Promise<void> {
    try {
      const connection = await this.database.manager.findOneBy(Connection, key);
      if (connection) await this.tokens.resume(connection);
      void this.tick();
    } catch (error) {
      // What a vendor answered is in the rows and in the log of its calls.
      if (error instanceof ProviderError) return;
      this.logger.error({ msg: 'a refresh could not be resumed', connection: key.id, err: error });
      await this.postpone(key).catch(() => undefined);
    }
  }

  /** What no vendor can mend, such as a key that is missing, is not worth a look each second. */
  private async postpone({ userId, id }: Key): Promise<void> {
    const until = new Date(this.clock.now().getTime() + AFTER_BREAK_MS);
    await this.database.manager.update(Credential, { userId, connectionId: id }, { refreshRetryAt: until });
  }
}

type Key = Pick<Connection, 'userId' | 'id'>;

/**
 * Of a provider that refuses this server nobody is asked for until the next probe. Asked row by row, so that no plan
 * joins and sorts all that is due.
 */
const MAY_BE_ASKED = `(
  SELECT c.status = 'active' AND c.provider = ANY ($2) AND c.provider NOT IN (
           SELECT provider FROM token_endpoint WHERE client_refused_at IS NOT NULL AND probe_at > $1)
    FROM connection c WHERE c.user_id = k.user_id AND c.id = k.connection_id)`;

const open = (credentials: string, due: string) => `
  SELECT * FROM (
    SELECT k.user_id, k.connection_id, k.answer_lost_at, k.refresh_retry_at FROM ${credentials}
     WHERE ${due} AND ${MAY_BE_ASKED}
     ORDER BY k.refresh_retry_at
     LIMIT $3 FOR UPDATE OF k SKIP LOCKED) open`;

/**
 * An attempt without a result is one whose process died: while that lives, it holds the row. Each kind is read in the
 * order of an index up to the limit, since after an outage all may be due.
 */
const OPEN_REFRESHES = `
  SELECT user_id AS "userId", connection_id AS id FROM (
    ${open('refresh_attempt JOIN credential k USING (user_id, connection_id)', `coalesce(k.refresh_retry_at, '-infinity') <= $1`)}
     UNION ${open('credential k', 'k.refresh_retry_at <= $1 AND k.answer_lost_at IS NOT NULL')}
     UNION ${open('credential k', 'k.refresh_retry_at <= $1')}) due
   ORDER BY answer_lost_at IS NULL, refresh_retry_at NULLS FIRST
   LIMIT $3`;
