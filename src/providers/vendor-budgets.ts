import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { Clock } from '../database/clock';
import { Random } from '../database/random';
import { WAKE_CHANNEL } from '../database/wake-channel';
import { ProviderUnavailable } from './provider-errors';
import { mustOpen, type Outcome } from './breaker';
import { verdictOf, type VendorCall } from './budget-rules';
import { budgetStates, type BudgetState } from './budget-state';
import * as statements from './budget-statements';
import { blocksAfter } from './rate-limit';
import { VendorBlock, WHOLE_APP } from './vendor-block.entity';
import { VendorBudget } from './vendor-budget.entity';
import { VendorQueue, type Told } from './vendor-queue';

/** A call that may be made; whoever holds it must say how it ended. */
export interface Admission extends statements.CountedCall {
  scope: VendorCall['provider']['limits']['rateLimitScope'];
  isProbe: boolean;
}

/** How a call ended. `retryAt`: what a 429 says, null where it does not. */
export interface Ended {
  outcome: Outcome;
  retryAt: Date | null;
}

/**
 * What may be asked of vendors, over all processes: requests per second, calls of one user at once, nothing before a
 * `Retry-After` is over, and next to nothing while the vendor is in trouble. The state is in PostgreSQL.
 */
@Injectable()
export class VendorBudgets implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(VendorBudgets.name);
  private readonly queues = new Map<string, VendorQueue<VendorCall, Admission>>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * Waits for a token and a slot. A token request does not wait, as it comes with a row locked.
   * @throws ProviderRateLimited, ProviderUnavailable with `retryAt`, at once: the call was not made
   */
  async admit(call: VendorCall): Promise<Admission> {
    if (call.endpointClass === 'data') return this.queueOf(call.provider.slug).enter(call);
    const told = await this.ask(call);
    if ('grant' in told) return told.grant;
    throw 'refused' in told ? told.refused : new ProviderUnavailable(`${call.provider.slug} is busy`);
  }

  /**
   * Gives the slot back and counts the outcome. Nobody waits for that behind a good answer, which may be a token that
   * must be stored, whatever the database does; bad news is shared before it is told.
   */
  async settle(admission: Admission, ended: Ended): Promise<void> {
    const settling = this.count(admission, ended)
      .catch((error: unknown) => {
        this.logger.warn({ msg: 'a call to a provider was not counted', err: error });
      })
      .finally(() => {
        this.underWay.delete(settling);
        if (admission.connectionId !== null)
          this.queues.get(admission.provider)?.released(admission.connectionId);
      });
    this.underWay.add(settling);
    if (ended.outcome !== 'ok') await settling;
  }

  /**
   * Frees the slots of connections that were taken over: whoever made the calls has died or stands still, and cannot say
   * that they are over.
   */
  async forgetCallsOf(connectionIds: string[]): Promise<void> {
    await statements.forgetCalls(this.database.manager, connectionIds);
  }

  /** For operators: every provider that was called since its budget began. */
  async state(): Promise<BudgetState[]> {
    const [budgets, blocks] = await Promise.all([
      this.database.manager.find(VendorBudget, { order: { provider: 'ASC', endpointClass: 'ASC' } }),
      this.database.manager.findBy(VendorBlock, { subject: WHOLE_APP }),
    ]);
    return budgetStates(budgets, blocks, this.clock.now());
  }

  /** The providers that have come back since then, each with when; who waits for them is told on the wake channel. */
  async recoveredSince(at: Date): Promise<Map<string, Date>> {
    const rows = await this.database.manager.find(VendorBudget, {
      where: { closedAt: MoreThan(at) },
      order: { closedAt: 'ASC' },
    });
    return new Map(rows.map(({ provider, closedAt }) => [provider, closedAt!]));
  }

  onModuleDestroy(): void {
    const now = this.clock.now();
    for (const [slug, queue] of this.queues)
      queue.close(new ProviderUnavailable(`${slug} is not asked: this process is shutting down`, now));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private queueOf(slug: string): VendorQueue<VendorCall, Admission> {
    let queue = this.queues.get(slug);
    if (!queue) {
      queue = new VendorQueue((call) => this.ask(call), this.random);
      this.queues.set(slug, queue);
    }
    return queue;
  }

  private async ask(call: VendorCall): Promise<Told<Admission>> {
    const { provider, endpointClass, caller } = call;
    const [id, now] = [randomUUID(), this.clock.now()];
    const answer = await statements.ask(this.database.manager, call, id, now);
    const verdict = verdictOf(call, answer, now);
    if (verdict !== 'granted') return verdict;
    const { connectionId } = caller;
    const { slug, limits } = provider;
    const { isProbe } = answer;
    return {
      grant: { id, provider: slug, endpointClass, connectionId, scope: limits.rateLimitScope, isProbe },
    };
  }

  private async count(admission: Admission, { outcome, retryAt }: Ended): Promise<void> {
    const { manager } = this.database;
    const now = this.clock.now();
    if (outcome === 'limited') await this.block(admission, retryAt, now);
    const record = await statements.record(manager, admission, outcome, now);
    if (outcome === 'failed') {
      if (record !== null && mustOpen(record, now)) await this.open(admission, now);
    } else if (admission.isProbe) {
      await this.close(admission, now);
    }
  }

  private async block(admission: Admission, retryAt: Date | null, now: Date): Promise<void> {
    const { manager } = this.database;
    const { scope, connectionId, provider } = admission;
    const toldToOthers = scope === 'unknown' && (await statements.isToldToOthers(manager, admission, now));
    const blocks = blocksAfter({ scope, connectionId, retryAt, now }, toldToOthers);
    await statements.saveBlocks(manager, provider, blocks, now);
    await statements.forgetEndedBlocks(manager, now);
  }

  private async open(admission: Admission, now: Date): Promise<void> {
    if (await statements.openBreaker(this.database.manager, admission, now))
      this.logger.warn({
        msg: 'a provider is in trouble: few calls until it is back',
        ...placeOf(admission),
      });
  }

  private async close(admission: Admission, now: Date): Promise<void> {
    const closing = { now, channel: WAKE_CHANNEL };
    if (await statements.closeBreaker(this.database.manager, admission, closing))
      this.logger.log({ msg: 'a provider is back', ...placeOf(admission) });
  }
}

const placeOf = ({ provider, endpointClass }: Admission) => ({ provider, endpointClass });
