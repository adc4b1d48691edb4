import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { serverSettings } from '../config/env';
import { dataSourceOptions } from '../database/data-source-options';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { RefreshAttempt } from './refresh-attempt.entity';
import { Revocation } from './revocation.entity';
import { TokenEndpointState } from './token-endpoint-state.entity';

/** Longer than a token request may take, so that only a dead holder loses its lock. */
const IDLE_IN_TRANSACTION_MS = 45_000;

/**
 * A small pool of its own for refreshes, because each holds its row lock while the vendor answers: vendors that hang
 * must not use up the connections that everything else needs.
 */
@Injectable()
export class RefreshDatabase implements OnModuleInit, OnApplicationShutdown {
  private readonly dataSource = new DataSource({
    ...dataSourceOptions(serverSettings().DATABASE_URL!),
    entities: [Connection, Credential, RefreshAttempt, TokenEndpointState, Revocation],
    extra: {
      max: 4,
      application_name: 'vitalbase refresh',
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  });

  constructor(private readonly main: DataSource) {}

  get isOpen(): boolean {
    return this.dataSource.isInitialized;
  }

  get manager(): EntityManager {
    return this.dataSource.manager;
  }

  /** Not where the app is only looked at, such as for its API document. */
  async onModuleInit(): Promise<void> {
    if (this.main.isInitialized) await this.dataSource.initialize();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
