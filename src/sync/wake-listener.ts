import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { WAKE_CHANNEL } from '../database/wake-channel';

/** Hears of due connections at once. Only a help: without it they are found by the next tick. */
export class WakeListener {
  private readonly logger = new Logger(WakeListener.name);
  private client: Client | null = null;

  constructor(
    private readonly url: string,
    private readonly onWake: () => void,
  ) {}

  /** Connects unless it is connected; a failure is logged, for the next call to try again. */
  async ensure(): Promise<void> {
    if (this.client !== null) return;
    const client = new Client({
      connectionString: this.url,
      application_name: 'vitalbase listener',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    this.client = client;
    // Without a listener, pg's `error` event would end the process.
    client.on('error', (error) => this.drop(client, error));
    client.on('end', () => this.drop(client));
    client.on('notification', this.onWake);
    try {
      await client.connect();
      await client.query(`LISTEN ${WAKE_CHANNEL}`);
    } catch (error) {
      this.drop(client, error);
      await client.end().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => undefined);
  }

  private drop(client: Client, error?: unknown): void {
    if (this.client !== client) return;
    this.client = null;
    this.logger.warn({ msg: 'the listener for due syncs lost its database connection', err: error });
  }
}
