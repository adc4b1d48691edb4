import { Logger } from '@nestjs/common';
import { Client } from 'pg';

/** Hears `pg_notify` on one channel. Only a help: what it misses must be found by looking, a little later. */
export class ChannelListener {
  private readonly logger = new Logger(ChannelListener.name);
  private client: Client | null = null;
  /** One line tells that it is away, however often it is tried again. */
  private isAway = false;

  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly onNotice: (payload: string) => void,
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
    client.on('notification', ({ payload = '' }) => this.onNotice(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${this.channel}`);
      this.isAway = false;
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
    if (this.isAway) return;
    this.isAway = true;
    const { channel } = this;
    this.logger.warn({ msg: 'a listener has lost its database connection', channel, err: error });
  }
}
