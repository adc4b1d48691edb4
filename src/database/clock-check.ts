import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, WORTH_A_WARNING_MS } from './clock';

const EVERY_MS = 60_000;
/** Of several measurements the quickest is the truest. */
const TRIES = 3;

/** Holds this machine's clock against the database's, before anything is due and every minute from then on. */
@Injectable()
export class ClockCheck implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ClockCheck.name);
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Not where the app is only looked at, such as for its API document. */
  async onModuleInit(): Promise<void> {
    if (!this.database.isInitialized) return;
    await this.check();
    this.timer = setInterval(() => void this.check(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Never throws: while the database does not answer, the last offset holds. */
  async check(): Promise<void> {
    try {
      this.clock.setOffset(await this.measure());
    } catch (error) {
      this.logger.warn({ msg: "the database's clock could not be read", err: error });
      return;
    }
    const { skewMs } = this.clock;
    if (!this.clock.isTrusted) {
      this.logger.error({ msg: "this machine's clock is wrong: nothing is claimed until it is set", skewMs });
    } else if (Math.abs(skewMs) > WORTH_A_WARNING_MS) {
      this.logger.warn({ msg: "this machine's clock differs from the database's", skewMs });
    }
  }

  /** The database is taken to have looked at its clock half-way between question and answer. */
  private async measure(): Promise<number> {
    const measured: { tripMs: number; offsetMs: number }[] = [];
    for (let tries = 0; tries < TRIES; tries++) {
      const asked = this.clock.local();
      const [{ at }]: { at: number }[] = await this.database.query(
        'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::double precision AS at',
      );
      const answered = this.clock.local();
      measured.push({ tripMs: answered - asked, offsetMs: at - (asked + answered) / 2 });
    }
    return measured.toSorted((one, other) => one.tripMs - other.tripMs)[0].offsetMs;
  }
}
