import { Injectable, ServiceUnavailableException, type OnModuleDestroy } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  TypeOrmHealthIndicator,
  type HealthCheckResult,
} from '@nestjs/terminus';
import { DataSource } from 'typeorm';
import { Clock } from '../database/clock';
import { TokenJournal } from '../connections/token-journal';
import type { Readiness } from './health.dto';

const PING_TIMEOUT_MS = 2_000;

@Injectable()
export class HealthService implements OnModuleDestroy {
  private isStopping = false;

  constructor(
    private readonly checks: HealthCheckService,
    private readonly typeorm: TypeOrmHealthIndicator,
    private readonly indicators: HealthIndicatorService,
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly journal: TokenJournal,
  ) {}

  /** The first that happens to a server that stops: whoever sends it requests sends no more, while it finishes those it has. */
  onModuleDestroy(): void {
    this.isStopping = true;
  }

  /** @throws ServiceUnavailableException naming what is down */
  async ready(): Promise<Readiness> {
    if (this.isStopping) throw new ServiceUnavailableException('Not ready: the server is stopping.');
    const result = await this.checks
      .check([
        () => this.typeorm.pingCheck('database', { timeout: PING_TIMEOUT_MS }),
        () => this.migrationsApplied(),
        () => this.clockTrusted(),
      ])
      .catch((error: unknown) => refuse(error));
    return {
      status: 'ok',
      database: result.details.database.status,
      migrations: result.details.migrations.status,
      clock: result.details.clock.status,
      journal: this.journal.isDurable ? 'on disk' : 'memory only',
    };
  }

  private clockTrusted() {
    const check = this.indicators.check('clock');
    return this.clock.isTrusted
      ? check.up()
      : check.down('more than a minute away from that of the database');
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
