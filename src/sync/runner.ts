import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Failpoints } from '../database/failpoints';
import { Fenced, releaseLease, type Lease } from './claim';
import { DayReader, type Stop } from './day-reader';
import { JobOpener } from './job-opener';
import { LeaseKeeper } from './lease-keeper';
import { RunEnd } from './run-end';
import type { SyncJob } from './sync-job';

/** Syncs one claimed connection: what cannot wait, then, if it was claimed for that, some of its history. */
@Injectable()
export class Runner {
  private readonly logger = new Logger(Runner.name);

  constructor(
    private readonly database: DataSource,
    private readonly opener: JobOpener,
    private readonly reader: DayReader,
    private readonly ending: RunEnd,
    private readonly keeper: LeaseKeeper,
    private readonly failpoints: Failpoints,
  ) {}

  /**
   * Never throws. What a broken run leaves undone is due again after a while, at the latest when its lease runs out.
   * @param shutdown gives the connection back after the days in hand; its run goes on elsewhere or after the restart
   */
  async run(lease: Lease, shutdown: AbortSignal): Promise<void> {
    const underWay: { job: SyncJob | null } = { job: null };
    try {
      await this.keeper.during(lease, (lost) =>
        this.work(lease, { soon: AbortSignal.any([shutdown, lost]), now: lost }, underWay),
      );
      if (shutdown.aborted) await releaseLease(this.database.manager, lease);
    } catch (error) {
      if (error instanceof Fenced) {
        this.logger.log({ msg: 'a sync run lost its connection', connection: lease.connectionId });
      } else {
        await this.breakOff(lease, underWay.job, error);
      }
    }
  }

  /** One job after another, as long as there is something that cannot wait. */
  private async work(lease: Lease, stop: Stop, underWay: { job: SyncJob | null }): Promise<void> {
    for (let more = true; more && !stop.soon.aborted;) {
      underWay.job = null;
      const job = await this.opener.open(lease);
      underWay.job = job;
      if (job === null) return;
      await this.failpoints.reach('run.opened');
      await this.reader.read(job, stop).catch((error: unknown) => {
        // It may have ended for good, and then so does its run.
        if (!(error instanceof Fenced)) throw error;
        this.logger.log({ msg: 'a sync run lost its connection', connection: lease.connectionId });
      });
      await this.failpoints.reach('run.before-end');
      more = await this.ending.end(job);
    }
  }

  private async breakOff(lease: Lease, job: SyncJob | null, error: unknown): Promise<void> {
    const { connectionId: connection } = lease;
    this.logger.error({ msg: 'a sync run broke off', connection, err: error });
    await this.ending.breakOff(lease, job).catch((failure: unknown) => {
      this.logger.warn({ msg: 'its end could not be told', connection, err: failure });
    });
  }
}
