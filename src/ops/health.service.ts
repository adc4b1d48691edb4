import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  TypeOrmHealthIndicator,
  type HealthCheckResult,
} from '@nestjs/terminus';
import { DataSource } from 'typeorm';
import { TokenJournal } from '../connections/token-journal';
import type { Readiness } from './health.dto';

const PING_TIMEOUT_MS = 2_000;

@Injectable()
export class HealthService {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly typeorm: TypeOrmHealthIndicator,
    private readonly indicators: HealthIndicatorService,
    private readonly database: DataSource,
    private readonly journal: TokenJournal,
  ) {}

  /** @throws ServiceUnavailableException naming what is down */
  async ready(): Promise<Readiness> {
    const result = await this.checks
      .check([
        () => this.typeorm.pingCheck('database', { timeout: PING_TIMEOUT_MS }),
        () => this.migrationsApplied(),
      ])
      .catch((error: unknown) => refuse(error));
    return {
      status: 'ok',
      database: result.details.database.status,
      migrations: result.details.migrations.status,
      journal: this.journal.isDurable ? 'on disk' : 'memory only',
    };
  }

  private async migrationsApplied() {
    const check = this.indicators.check('migrations');
    const pending = await this.database.showMigrations().catch(() => true);
    return pending ? check.down('some are not applied') : check.up();
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof ServiceUnavailableException)) throw error;
  const { details }: HealthCheckResult = Object(error.getResponse());
  const down = Object.keys(details).filter((name) => details[name].status !== 'up');
  throw new ServiceUnavailableException(`Not ready: ${down.join(' and ')} down.`);
}
