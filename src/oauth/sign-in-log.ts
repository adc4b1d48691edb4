import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../database/clock';
import type { Authorization } from './oauth-state.store';

const KEPT_MS = 30 * 86_400_000;

type Who = Pick<Authorization, 'userId' | 'provider'>;

/** Leaves a trace of sign-ins that do not end well. Never throws: nobody's sign-in fails for want of a note about it. */
@Injectable()
export class SignInLog {
  private readonly logger = new Logger(SignInLog.name);

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  async begun({ userId, provider }: Who): Promise<void> {
    const now = this.clock.now();
    await this.note(FORGET_OLD, [new Date(now.getTime() - KEPT_MS)]);
    await this.note(BEGUN, [userId, provider, now]);
  }

  /** @param error a code of `OAuthFailure` */
  async failed({ userId, provider }: Who, error: string): Promise<void> {
    await this.note(FAILED, [userId, provider, this.clock.now(), error]);
  }

  async succeeded({ userId, provider }: Who): Promise<void> {
    await this.note(SUCCEEDED, [userId, provider]);
  }

  private async note(statement: string, parameters: unknown[]): Promise<void> {
    try {
      await this.database.query(statement, parameters);
    } catch (error) {
      this.logger.warn({ msg: 'a sign-in could not be noted', err: error });
    }
  }
}

const FORGET_OLD = `DELETE FROM sign_in WHERE begun_at < $1`;

/** Only of users that there are, and are not being deleted: one may be while the browser is away. */
const BEGUN = `
  INSERT INTO sign_in (user_id, provider, begun_at, failures)
  SELECT id, $2, $3, 0 FROM app_user WHERE id = $1 FOR KEY SHARE
  ON CONFLICT (user_id, provider) DO UPDATE SET begun_at = EXCLUDED.begun_at`;

const FAILED = `
  INSERT INTO sign_in AS s (user_id, provider, begun_at, failed_at, error, failures)
  SELECT id, $2, $3, $3, $4, 1 FROM app_user WHERE id = $1 FOR KEY SHARE
  ON CONFLICT (user_id, provider)
  DO UPDATE SET failed_at = EXCLUDED.failed_at, error = EXCLUDED.error, failures = s.failures + 1`;

const SUCCEEDED = `DELETE FROM sign_in WHERE user_id = $1 AND provider = $2`;
