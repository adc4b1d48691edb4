import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { ConnectionsService } from '../connections/connections.service';
import { SyncEvent } from './sync-event.entity';
import { toSyncStatusEvent, type SyncStatusEvent } from './sync-event.dto';
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
    @InjectRepository(SyncEvent) private readonly events: Repository<SyncEvent>,
    private readonly connections: ConnectionsService,
  ) {}

  /** Newest first. @throws NotFoundException for an unknown user */
  async recentEvents(userId: string, limit: number): Promise<SyncStatusEvent[]> {
    await this.connections.requireUser(userId);
    const events = await this.events.find({ where: { userId }, order: { id: 'DESC' }, take: limit });
    const runIds = [...new Set(events.map(({ runId }) => runId))];
    const runs = await this.runs.findBy({ userId, runId: In(runIds) });
    const byId = new Map(runs.map((run) => [run.runId, run]));
    return events.map((event) => toSyncStatusEvent(event, byId.get(event.runId)!));
  }

  /** Newest first. @throws NotFoundException for an unknown user */
  async ofUser(userId: string, limit: number): Promise<SyncRunSummary[]> {
    await this.connections.requireUser(userId);
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
    await this.connections.requireUser(userId);
    const run = await this.runs.findOneBy({ userId, runId });
    if (run === null) throw new NotFoundException(`Sync run with ID: ${runId} not found.`);
    return toSyncRunRead(run);
  }
}
