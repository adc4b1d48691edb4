import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { serverSettings } from '../config/env';
import { ChannelListener } from '../database/channel-listener';
import { EVENT_CHANNEL, eventNotice } from './event-log';
import { PAGE, EventReader, type PlacedEvent } from './event-reader';
import { CONNECTED, EventStream, eventBlock, type SentEvent } from './event-stream';

const LOOK_EVERY_MS = 1_000;
const BEAT_EVERY_MS = 15_000;

/** Where a stream begins: with the last so many events, or behind one that the client has. */
export type Beginning = { last: number } | { after: number };

/**
 * Brings the events of users to all who follow them in this process. A notice brings each one as it is committed; one
 * look a second, for all users together, finds what no notice has brought. While nobody follows, nothing is asked.
 */
@Injectable()
export class EventFeed implements BeforeApplicationShutdown {
  private readonly logger = new Logger(EventFeed.name);
  private readonly streams = new Map<string, Set<EventStream>>();
  private readonly listener = new ChannelListener(serverSettings().DATABASE_URL!, EVENT_CHANNEL, (payload) =>
    this.hear(payload),
  );
  private timers: NodeJS.Timeout[] = [];
  private isLooking = false;
  private isStopping = false;

  constructor(private readonly events: EventReader) {}

  /** @param follow false: the stream ends behind what is past */
  open(userId: string, beginning: Beginning, follow: boolean): Readable {
    const stream = new EventStream();
    stream.body.once('close', () => this.remove(userId, stream));
    this.add(userId, stream);
    void this.begin(userId, stream, beginning, follow && !this.isStopping);
    return stream.body;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    for (const stream of this.all()) stream.end();
    await this.stop();
  }

  /** What is told between the last page and `lastId` is found by the next look. */
  private async begin(
    userId: string,
    stream: EventStream,
    beginning: Beginning,
    follow: boolean,
  ): Promise<void> {
    const past = new Past(this.events, userId, beginning);
    try {
      await pipeline(Readable.from(past.blocks()), stream.body, { end: false });
      if (follow && !this.isStopping) stream.lastId = past.lastId;
      else stream.body.end();
    } catch (error) {
      stream.body.destroy();
      // Then the client has left.
      if ((error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') return;
      this.logger.warn({ msg: 'a stream of events broke off', err: error });
    }
  }

  private add(userId: string, stream: EventStream): void {
    if (this.streams.size === 0) this.start();
    this.streams.set(userId, (this.streams.get(userId) ?? new Set()).add(stream));
  }

  private remove(userId: string, stream: EventStream): void {
    const ofUser = this.streams.get(userId);
    ofUser?.delete(stream);
    if (ofUser?.size === 0) this.streams.delete(userId);
    if (this.streams.size === 0) void this.stop();
  }

  private start(): void {
    void this.listener.ensure();
    this.timers = [
      setInterval(() => void this.look(), LOOK_EVERY_MS),
      setInterval(() => {
        for (const stream of this.all()) stream.beat();
      }, BEAT_EVERY_MS),
    ];
  }

  private async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
    await this.listener.close();
  }

  private hear(payload: string): void {
    const notice = eventNotice(payload);
    // One that is too long for a notice is found by the next look.
    if (notice === null || notice.json === '' || !this.streams.has(notice.userId)) return;
    const { userId, id, after, json } = notice;
    this.deliver(userId, { id, after, block: eventBlock(id, json) });
  }

  private async look(): Promise<void> {
    const seen = this.seen();
    if (seen.size === 0 || this.isLooking) return;
    this.isLooking = true;
    try {
      void this.listener.ensure();
      for (const { id, event } of await this.events.after(seen)) {
        const { user_id: userId } = event;
        const after = seen.get(userId)!;
        seen.set(userId, id);
        this.deliver(userId, { id, after, block: eventBlock(id, JSON.stringify(event)) });
      }
    } catch (error) {
      this.logger.warn({ msg: 'looking for events failed', err: error });
    } finally {
      this.isLooking = false;
    }
  }

  /** For each user, what all of the user's streams have that can take more. */
  private seen(): Map<string, number> {
    const seen = new Map<string, number>();
    for (const [userId, streams] of this.streams) {
      for (const { lastId, isFull } of streams) {
        if (lastId !== null && !isFull) seen.set(userId, Math.min(lastId, seen.get(userId) ?? lastId));
      }
    }
    return seen;
  }

  private deliver(userId: string, event: SentEvent): void {
    for (const stream of this.streams.get(userId) ?? []) stream.take(event);
  }

  private *all(): Iterable<EventStream> {
    for (const streams of this.streams.values()) yield* streams;
  }
}

/** What a stream begins with, read as fast as the client takes it. */
class Past {
  /** Of the last event so far. */
  lastId = 0;

  constructor(
    private readonly events: EventReader,
    private readonly userId: string,
    private readonly beginning: Beginning,
  ) {}

  async *blocks(): AsyncGenerator<string> {
    yield CONNECTED;
    if ('last' in this.beginning) {
      yield this.sent(await this.events.last(this.userId, this.beginning.last));
      return;
    }
    // An id that is not there yet is of another time, such as before a backup was restored.
    this.lastId = Math.min(this.beginning.after, await this.events.newestId(this.userId));
    let page: PlacedEvent[];
    do {
      page = await this.events.after(new Map([[this.userId, this.lastId]]));
      yield this.sent(page);
    } while (page.length === PAGE);
  }

  private sent(events: PlacedEvent[]): string {
    this.lastId = events.at(-1)?.id ?? this.lastId;
    return events.map(({ id, event }) => eventBlock(id, JSON.stringify(event))).join('');
  }
}
