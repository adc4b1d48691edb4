import type { Readable } from 'node:stream';
import { BadRequestException, Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ConnectionsService } from '../connections/connections.service';
import { EventFeed } from './event-feed';
import { EventReader } from './event-reader';
import type { StreamEvents, SyncStatusEvent } from './sync-event.dto';
import {
  toSyncRunRead,
  toSyncRunSummary,
  type ListRuns,
  type SyncRunRead,
  type SyncRunSummary,
} from './sync-run.dto';
import { SyncRun } from './sync-run.entity';

/** The run log as clients read it. */
@Injectable()
export class SyncRunsService {
  constructor(
    @InjectRepository(SyncRun) private readonly runs: Repository<SyncRun>,
    private readonly events: EventReader,
    private readonly feed: EventFeed,
    private readonly connections: ConnectionsService,
  ) {}

  /** Newest first. @throws NotFoundException for an unknown user */
  async recentEvents(userId: string, limit: number): Promise<SyncStatusEvent[]> {
    await this.requireUser(userId);
    const events = await this.events.last(userId, limit);
    return events.map(({ event }) => event).toReversed();
  }

  /**
   * What the user's runs tell, as Server-Sent Events.
   * @param lastEventId as the client sends it in a header
   * @throws NotFoundException for an unknown user; BadRequestException for an id that is none
   */
  async stream(userId: string, query: StreamEvents, lastEventId?: string): Promise<Readable> {
    const { replay = 20, follow = true, last_event_id: fromQuery } = query;
    const after = eventId(lastEventId || fromQuery);
    await this.requireUser(userId);
    return this.feed.open(userId, after === null ? { last: replay } : { after }, follow);
  }

  /** Newest first. @throws NotFoundException for an unknown user */
  async ofUser(userId: string, limit: number): Promise<SyncRunSummary[]> {
    await this.requireUser(userId);
    return this.list({ user_id: userId, limit });
  }

  /** Newest first, of all users. */
  async list({ user_id: userId, provider, status, source, limit }: ListRuns): Promise<SyncRunSummary[]> {
    const where = Object.entries({ userId, provider, status, source }).filter(
      ([, value]) => value !== undefined,
    );
    const runs = await this.runs.find({
      where: Object.fromEntries(where),
      order: { lastUpdate: 'DESC', runId: 'ASC' },
      take: limit,
    });
    return runs.map(toSyncRunSummary);
  }

  /** @throws NotFoundException for an unknown user or run */
  async get(userId: string, runId: string): Promise<SyncRunRead> {
    await this.requireUser(userId);
    const run = await this.runs.findOneBy({ userId, runId });
    if (run === null) throw new NotFoundException(`Sync run with ID: ${runId} not found.`);
    return toSyncRunRead(run);
  }

  private async requireUser(userId: string): Promise<void> {
    if (!(await this.connections.hasUser(userId))) throw new NotFoundException('User not found');
  }
}

/** Ids are counted up from 1; a number of 15 digits is still exact. */
function eventId(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new BadRequestException('The last event id must be the id of an event of this stream, such as 1042.');
}
