import { BadRequestException, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import { ArchivalSetting } from './archival-setting.entity';

export type KeptDays = Pick<ArchivalSetting, 'archiveAfterDays' | 'deleteAfterDays'>;

/** Dates in UTC, `2026-08-01`: what is about dates before them goes; null: nothing does. */
export interface KeptSince {
  /** Samples, and the answers that they came with. */
  samples: string | null;
  /** Everything else. */
  everything: string | null;
}

const DAY_MS = 86_400_000;
/** Providers tell of the last days again and again, also what lay in a night: until then their samples are needed. */
const STILL_TOLD_DAYS = 4;
/** For how long another process may still go by settings that have been changed. The night does what it left. */
const CACHE_MS = 30_000;

@Injectable()
export class ArchivalSettings {
  private known: { days: KeptDays; until: number } | null = null;

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  async get(manager = this.database.manager): Promise<KeptDays> {
    const stored = await manager.findOneBy(ArchivalSetting, { id: 1 });
    const { archiveAfterDays = null, deleteAfterDays = null } = stored ?? {};
    this.known = {
      days: { archiveAfterDays, deleteAfterDays },
      until: this.clock.now().getTime() + CACHE_MS,
    };
    return this.known.days;
  }

  /** @throws BadRequestException where samples were to outlive what is made of them */
  async set(days: KeptDays): Promise<KeptDays> {
    const { archiveAfterDays, deleteAfterDays } = days;
    if (archiveAfterDays !== null && deleteAfterDays !== null && archiveAfterDays >= deleteAfterDays) {
      throw new BadRequestException(
        `archive_after_days (${archiveAfterDays}) must be less than delete_after_days (${deleteAfterDays}): ` +
          'what is deleted cannot be archived. Set one of them to null, or delete later.',
      );
    }
    await this.database.manager.upsert(ArchivalSetting, { id: 1, ...days, updatedAt: this.clock.now() }, [
      'id',
    ]);
    return this.get();
  }

  /** As it is now: for whoever deletes by it, which cannot be undone. */
  async keptSince(manager = this.database.manager): Promise<KeptSince> {
    return this.since(await this.get(manager));
  }

  /** As it is now, or was up to half a minute ago. */
  async lastKnownKeptSince(manager: EntityManager): Promise<KeptSince> {
    const isFresh = this.known !== null && this.clock.now().getTime() < this.known.until;
    return isFresh ? this.since(this.known!.days) : this.keptSince(manager);
  }

  private since(days: KeptDays): KeptSince {
    const now = this.clock.now().getTime();
    const before = (count: number | null) =>
      count === null ? null : new Date(now - count * DAY_MS).toISOString().slice(0, 10);
    const everything = before(days.deleteAfterDays);
    if (days.archiveAfterDays === null) return { samples: everything, everything };
    const archived = before(Math.max(days.archiveAfterDays, STILL_TOLD_DAYS))!;
    return { samples: everything !== null && everything > archived ? everything : archived, everything };
  }
}
