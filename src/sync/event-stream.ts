import { PassThrough } from 'node:stream';

/** Server-Sent Events (WHATWG HTML, section 9.2), with line feeds only. */

export const CONNECTED = ': connected\n\n';
export const HEARTBEAT = ': heartbeat\n\n';

/** What a client that lost its connection waits before it comes back, ms. */
const RETRY_MS = 3_000;

/** @param json on one line, as `JSON.stringify` writes it */
export const eventBlock = (id: number, json: string): string =>
  `event: sync.status\nid: ${id}\nretry: ${RETRY_MS}\ndata: ${json}\n\n`;

/** An event as it is sent, with its place among those of its user. */
export interface SentEvent {
  id: number;
  /** The id of the user's event before it. */
  after: number;
  block: string;
}

/** Bytes that may wait for a client: some hundred events. */
const MAX_WAITING = 256 * 1024;

/** One client's stream of one user's events: each once, in the order of their ids, none left out. */
export class EventStream {
  readonly body = new PassThrough();
  /** Of the last event that was sent; null while what is past is being sent, and where nothing is to follow. */
  lastId: number | null = null;
  private lastIdAtBeat: number | null = null;

  /** As much waits for the client as may. */
  get isFull(): boolean {
    return this.waiting > MAX_WAITING;
  }

  private get waiting(): number {
    return this.body.writableLength + this.body.readableLength;
  }

  /** One that does not fit, or whose predecessor has not been sent, is left for later: it comes again. */
  take({ id, after, block }: SentEvent): void {
    if (this.lastId === null || this.isFull || id <= this.lastId || after > this.lastId) return;
    this.lastId = id;
    this.body.write(block);
  }

  /**
   * Keeps the connection. A client for which there was no room since the last time does not read, and is dropped: it may
   * come back with the id of the last event that it has.
   */
  beat(): void {
    if (this.lastId === null) return;
    if (!this.isFull) this.body.write(HEARTBEAT);
    else if (this.lastId === this.lastIdAtBeat) this.body.destroy();
    this.lastIdAtBeat = this.lastId;
  }

  /** One that is behind may never read the rest, and is cut off. */
  end(): void {
    if (this.lastId === null || this.waiting > 0) this.body.destroy();
    else this.body.end();
    this.lastId = null;
  }
}
