import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { isWorker } from '../config/env';
import { FORMULA_VERSION } from './internal-score';
import { InternalScoreStore } from './internal-score.store';
import { averageSleeps } from './sleep-averages';
import { lockSource } from './source-lock';
import type { WriteTarget } from './write';

const READ_AT_ONCE = 200;

/**
 * After a start: computes the scores of each source anew whose nights another version of the formulas has scored, one source
 * a transaction, beside everything else that a worker does. What is written meanwhile is of this version anyway.
 */
@Injectable()
export class InternalScoreRenewal implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(InternalScoreRenewal.name);
  private isStopping = false;
  private renewing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    private readonly scores: InternalScoreStore,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.database.isInitialized || !isWorker()) return;
    this.renewing = this.renewAll().catch((error: unknown) => {
      this.logger.error({ msg: 'computing scores anew failed; the next start goes on with it', err: error });
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.renewing;
  }

  /** Until none is left, or this process ends. */
  async renewAll(): Promise<void> {
    for (;;) {
      const sources: WriteTarget[] = await this.database.query(
        `SELECT user_id AS "userId", id AS "sourceId" FROM data_source WHERE formula_version <> $1 LIMIT ${READ_AT_ONCE}`,
        [FORMULA_VERSION],
      );
      if (sources.length === 0) return;
      for (const source of sources) {
        if (this.isStopping) return;
        await this.database.transaction((manager) => this.renew(manager, source));
      }
    }
  }

  private async renew(manager: EntityManager, source: WriteTarget): Promise<void> {
    await lockSource(manager, source);
    await averageSleeps(manager, source, null);
    await this.scores.compute(manager, source, null);
    await manager.query(`UPDATE data_source SET formula_version = $3 WHERE user_id = $1 AND id = $2`, [
      source.userId,
      source.sourceId,
      FORMULA_VERSION,
    ]);
  }
}
