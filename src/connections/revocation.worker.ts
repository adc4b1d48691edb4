import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DataSource, LessThanOrEqual } from 'typeorm';
import { Clock } from '../database/clock';
import { JobQueue, type JobIds } from '../database/job-queue';
import { ProviderRegistry } from '../providers/provider.registry';
import { TokenEndpoint } from '../providers/token-endpoint';
import { retryAt } from './refresh-schedule';
import { Revocation } from './revocation.entity';
import { Revocations } from './revocations';

const QUEUE = 'revocation';
const SWEEP_MS = 10_000;
const SWEPT_AT_ONCE = 100;
/** After that a token is destroyed, whatever the vendor said. */
const KEPT_MS = 24 * 3_600_000;

/** Tells vendors that tokens are used no more, in the background and as often as it takes within a day. */
@Injectable()
export class RevocationWorker implements OnModuleInit {
  private readonly logger = new Logger(RevocationWorker.name);

  constructor(
    private readonly database: DataSource,
    private readonly revocations: Revocations,
    private readonly registry: ProviderRegistry,
    private readonly tokenEndpoint: TokenEndpoint,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.queue.register(QUEUE, (ids) => this.revoke(ids));
  }

  /** Never throws. What the queue has lost is sent again. */
  @Interval(QUEUE, SWEEP_MS)
  async sweep(): Promise<void> {
    if (!this.queue.isReady) return;
    try {
      await this.revocations.takeLeftovers(this.database.manager);
      const due = await this.database.manager.find(Revocation, {
        select: { userId: true, id: true },
        where: { nextAttemptAt: LessThanOrEqual(this.clock.now()) },
        order: { nextAttemptAt: 'ASC' },
        take: SWEPT_AT_ONCE,
      });
      for (const { userId, id } of due) await this.queue.send(QUEUE, `${userId} ${id}`, { userId, id });
    } catch (error) {
      this.logger.warn({ msg: 'looking for tokens to revoke failed', err: error });
    }
  }

  private async revoke({ userId, id }: JobIds): Promise<void> {
    const revocation = await this.database.manager.findOneBy(Revocation, { userId, id });
    if (revocation === null || revocation.nextAttemptAt > this.clock.now()) return;
    const { provider } = revocation;
    try {
      const known = this.registry.find(provider);
      if (known) await this.tokenEndpoint.revoke(known.definition, this.revocations.tokenOf(revocation));
      await this.database.manager.delete(Revocation, { userId, id });
      this.logger.log({ msg: 'a token is revoked', provider });
    } catch (error) {
      await this.tryLater(revocation, error);
    }
  }

  private async tryLater({ userId, id, ...revocation }: Revocation, error: unknown): Promise<void> {
    const now = this.clock.now();
    const end = new Date(revocation.createdAt.getTime() + KEPT_MS);
    if (now >= end) {
      await this.database.manager.delete(Revocation, { userId, id });
      const { provider } = revocation;
      this.logger.warn({ msg: 'a token is destroyed that the vendor did not revoke', provider, err: error });
      return;
    }
    const attempts = revocation.attempts + 1;
    const next = retryAt(id, attempts, now);
    const nextAttemptAt = next < end ? next : end;
    await this.database.manager.update(Revocation, { userId, id }, { attempts, nextAttemptAt });
  }
}
