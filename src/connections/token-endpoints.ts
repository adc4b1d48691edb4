import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import { TokenEndpointState } from './token-endpoint-state.entity';

const PROBE_EVERY_MS = 5 * 60_000;
/** Apart by less than this, pairs are not noted one by one. */
const NOTED_EVERY_MS = 60_000;
/** A token endpoint that gave no pair for so long may have been down. */
const QUIET_MS = 5 * 60_000;
const SOMEBODY_EVERY_MS = 10 * 60_000;
/** The shortest wait that the back-off comes to in the end, so that nobody asks more often than by it. */
const WAITED_MS = 30 * 60_000;
const RELEASED_AT_ONCE = 500;

/** What concerns all connections of a provider: whether its token endpoint works, and whether it knows this server. */
@Injectable()
export class TokenEndpoints {
  private readonly logger = new Logger(TokenEndpoints.name);

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Whether a token request may be sent. While the provider refuses this server's own credentials, one may every five
   * minutes, over all processes: whoever is told so must send it.
   */
  async admits(provider: string): Promise<boolean> {
    const state = await this.database.manager.findOneBy(TokenEndpointState, { provider });
    if (!state?.clientRefusedAt) return true;
    const now = this.clock.now();
    const [, probing]: [unknown, number] = await this.database.query(
      `UPDATE token_endpoint SET probe_at = $3 WHERE provider = $1 AND coalesce(probe_at, '-infinity') <= $2`,
      [provider, now, new Date(now.getTime() + PROBE_EVERY_MS)],
    );
    return probing > 0;
  }

  /** Pauses the provider; said once, however many requests were under way. */
  async refusedClient(manager: EntityManager, provider: string): Promise<void> {
    const now = this.clock.now();
    const begun: unknown[] = await manager.query(
      `INSERT INTO token_endpoint (provider, client_refused_at, probe_at) VALUES ($1, $2, $3)
       ON CONFLICT (provider) DO UPDATE SET client_refused_at = $2, probe_at = $3
        WHERE token_endpoint.client_refused_at IS NULL
       RETURNING provider`,
      [provider, now, new Date(now.getTime() + PROBE_EVERY_MS)],
    );
    if (begun.length > 0) {
      this.logger.error({
        msg: "a provider refuses this server's client id or secret: check its settings",
        provider,
      });
    }
  }

  /** An answer that is about a user: so the provider knows this server. */
  async tookClient(manager: EntityManager, provider: string): Promise<void> {
    const [, ended]: [unknown, number] = await manager.query(
      `UPDATE token_endpoint SET client_refused_at = NULL, probe_at = NULL
        WHERE provider = $1 AND client_refused_at IS NOT NULL`,
      [provider],
    );
    if (ended > 0) this.logger.log({ msg: "a provider takes this server's client again", provider });
  }

  /** After an outage everybody who waits for this provider may ask again: `releaseWaiting` lets them. */
  async gavePair(manager: EntityManager, provider: string): Promise<void> {
    const now = this.clock.now();
    const state = await manager.findOneBy(TokenEndpointState, { provider });
    if (state?.clientRefusedAt) await this.tookClient(manager, provider);
    const quietMs = state?.gavePairAt ? now.getTime() - state.gavePairAt.getTime() : Infinity;
    if (quietMs < NOTED_EVERY_MS) return;
    await manager.query(
      `INSERT INTO token_endpoint (provider, gave_pair_at, recovered_at) VALUES ($1, $2, $3)
       ON CONFLICT (provider) DO UPDATE SET gave_pair_at = $2, recovered_at = coalesce($3, token_endpoint.recovered_at)`,
      [provider, now, quietMs >= QUIET_MS ? now : null],
    );
  }

  /** Whoever still waits although the provider has come back since; few in a transaction, as it may be everybody. */
  async releaseWaiting(): Promise<void> {
    const now = this.clock.now();
    const lately = new Date(now.getTime() - WAITED_MS);
    let released = RELEASED_AT_ONCE;
    while (released === RELEASED_AT_ONCE) {
      [, released] = await this.database.query(RELEASE_WAITING, [now, lately, RELEASED_AT_ONCE]);
    }
  }

  /** Whether it gave somebody a pair just now. */
  async isGiving(manager: EntityManager, provider: string): Promise<boolean> {
    const state = await manager.findOneBy(TokenEndpointState, { provider });
    return !!state?.gavePairAt && this.clock.now().getTime() - state.gavePairAt.getTime() < QUIET_MS;
  }

  /** In an outage somebody asks at least so often, for all: whoever has waited longest, if that was long enough. */
  async letOneAsk(): Promise<void> {
    const now = this.clock.now();
    const before = (ms: number) => new Date(now.getTime() - ms);
    await this.database.query(LET_ONE_ASK, [now, before(WAITED_MS), before(SOMEBODY_EVERY_MS)]);
  }
}

/** Not who waits for something else: the confirmation of a refusal, or the vendor's own `Retry-After`. */
const WAITS_OUTAGE_OUT = `k.refresh_retry_at > $1 AND k.refresh_refused_at IS NULL AND k.refresh_error <> 'rate_limited'`;

/** Whoever is asking right now is passed over. While no provider has come back lately, no row is read. */
const RELEASE_WAITING = `
  WITH waiting AS (
    SELECT k.user_id, k.connection_id FROM credential k
     WHERE EXISTS (SELECT FROM token_endpoint WHERE recovered_at > $2) AND ${WAITS_OUTAGE_OUT} AND (
       SELECT t.recovered_at > $2 AND t.recovered_at > k.refresh_failed_at
         FROM connection c JOIN token_endpoint t ON t.provider = c.provider
        WHERE c.user_id = k.user_id AND c.id = k.connection_id)
     ORDER BY k.refresh_retry_at
     LIMIT $3 FOR UPDATE OF k SKIP LOCKED)
  UPDATE credential k SET refresh_retry_at = $1
    FROM waiting w WHERE k.user_id = w.user_id AND k.connection_id = w.connection_id`;

/** Marked as failed already, so that nobody else is let on while the vendor hangs. */
const LET_ONE_ASK = `
  WITH chosen AS (
    SELECT DISTINCT ON (c.provider) k.user_id, k.connection_id
      FROM credential k JOIN connection c ON c.user_id = k.user_id AND c.id = k.connection_id
     WHERE c.status = 'active' AND ${WAITS_OUTAGE_OUT} AND k.refresh_failed_at <= $2
       AND NOT EXISTS (
         SELECT FROM credential o JOIN connection d ON d.user_id = o.user_id AND d.id = o.connection_id
          WHERE d.provider = c.provider AND o.refresh_failed_at > $3)
     ORDER BY c.provider, k.refresh_failed_at)
  UPDATE credential k SET refresh_retry_at = $1, refresh_failed_at = $1
    FROM chosen w WHERE k.user_id = w.user_id AND k.connection_id = w.connection_id`;
