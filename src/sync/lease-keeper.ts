import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { durationMs, serverSettings } from '../config/env';
import { Clock } from '../database/clock';
import { Failpoints } from '../database/failpoints';
import { renewLease, type Lease } from './claim';

/** Keeps a lease as long as somebody works under it. */
@Injectable()
export class LeaseKeeper {
  private readonly logger = new Logger(LeaseKeeper.name);
  private readonly leaseMs = durationMs(serverSettings().SYNC_LEASE);

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly failpoints: Failpoints,
  ) {}

  /**
   * Renews it at a third of its time, and ends when no renewal is under way any more.
   * @param work gets a signal that comes when the lease has been lost
   */
  async during<T>(lease: Lease, work: (lost: AbortSignal) => Promise<T>): Promise<T> {
    const lost = new AbortController();
    let renewal: Promise<void> | undefined;
    const timer = setInterval(() => {
      renewal ??= this.renew(lease, lost).finally(() => (renewal = undefined));
    }, this.leaseMs / 3);
    try {
      return await work(lost.signal);
    } finally {
      clearInterval(timer);
      await renewal;
    }
  }

  private async renew(lease: Lease, lost: AbortController): Promise<void> {
    try {
      await this.failpoints.reach('lease.before-renew');
      const renewal = { now: this.clock.now(), leaseMs: this.leaseMs };
      if (!(await renewLease(this.database.manager, lease, renewal))) lost.abort();
    } catch (error) {
      this.logger.warn({ msg: 'a lease could not be renewed', connection: lease.connectionId, err: error });
    }
  }
}
