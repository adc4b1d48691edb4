import { IsInt, Max, Min, ValidateIf } from 'class-validator';
import type { BackgroundTask, TaskStatus } from '../tasks/task.entity';
import type { KeptDays } from './archival-settings.service';
import type { ArchivalProgress } from './archival.work';
import type { StorageFigures } from './storage-figures';

const ARCHIVE_DAYS = 'archive_after_days must be a whole number from 1 to 3650, or null';
const DELETE_DAYS = 'delete_after_days must be a whole number from 1 to 7300, or null';
const isGiven = (_object: unknown, value: unknown) => value !== null && value !== undefined;

export class ArchivalSettingsUpdate {
  /** Samples older than so many days, and than 4, are kept as daily aggregates only; null or left out: as long as everything else @example 90 */
  @ValidateIf(isGiven)
  @IsInt({ message: ARCHIVE_DAYS })
  @Min(1, { message: ARCHIVE_DAYS })
  @Max(3_650, { message: ARCHIVE_DAYS })
  archive_after_days?: number | null;

  /** Everything older than so many days is deleted; null or left out: never @example 730 */
  @ValidateIf(isGiven)
  @IsInt({ message: DELETE_DAYS })
  @Min(1, { message: DELETE_DAYS })
  @Max(7_300, { message: DELETE_DAYS })
  delete_after_days?: number | null;
}

export class ArchivalSettingsRead {
  /** Null: samples are kept as long as everything else @example 90 */
  archive_after_days: number | null;

  /** Null: for ever @example 730 */
  delete_after_days: number | null;
}

export const GROWTH_CLASSES = ['bounded', 'linear_efficient', 'linear'] as const;

/** Sizes as PostgreSQL tells them. A row is a sample or a daily aggregate. */
export class StorageEstimate {
  /** Of the samples @example 7340032 */
  live_data_bytes: number;
  /** @example 524288 */
  live_index_bytes: number;
  /** Of the daily aggregates @example 1048576 */
  archive_data_bytes: number;
  /** @example 262144 */
  archive_index_bytes: number;
  /** Everything else in the database, such as the answers of providers @example 20971520 */
  other_tables_bytes: number;
  /** @example 30146560 */
  total_bytes: number;
  /** Samples @example 1051200 */
  live_row_count: number;
  /** Daily aggregates, also of days whose samples are still there @example 3650 */
  archive_row_count: number;
  /** Data and indexes; 0 where there are none @example 7.5 */
  avg_bytes_per_live_row: number;
  /** Data and indexes; 0 where there are none @example 359.1 */
  avg_bytes_per_archive_row: number;
  /** Days from the first to the last that samples are kept of @example 365 */
  live_data_span_days: number;
  /** @example 7.5 MB */
  live_total_pretty: string;
  /** @example 7.0 MB */
  live_data_pretty: string;
  /** @example 512.0 KB */
  live_index_pretty: string;
  /** @example 1.2 MB */
  archive_total_pretty: string;
  /** @example 1.0 MB */
  archive_data_pretty: string;
  /** @example 256.0 KB */
  archive_index_pretty: string;
  /** @example 20.0 MB */
  other_tables_pretty: string;
  /** @example 28.8 MB */
  total_pretty: string;
  /** How it grows over the years: not at all, by the daily aggregates, or by all samples @example linear */
  growth_class: (typeof GROWTH_CLASSES)[number];
}

export class ArchivalSettingsWithStorage {
  settings: ArchivalSettingsRead;
  storage: StorageEstimate;
}

export class ArchivalStarted {
  /** For `GET /settings/archival/run/{task_id}` @example 5d0f2b8e-7f5a-4b0e-9a35-2f8f3b7c6d10 */
  task_id: string;

  /** @example dispatched */
  status: string;
}

export class ArchivalRunRead {
  /** @example 5d0f2b8e-7f5a-4b0e-9a35-2f8f3b7c6d10 */
  task_id: string;

  /** @example completed */
  status: TaskStatus;

  /** Users gone through so far @example 120 */
  users: number;

  /** Samples deleted so far; their daily aggregates stay @example 1051200 */
  samples_deleted: number;

  /** Answers of providers deleted so far @example 365 */
  answers_deleted: number;

  /** Daily aggregates, daily values, sleeps and scores deleted so far @example 0 */
  records_deleted: number;

  /** What went wrong */
  error: string | null;

  /** @example 2026-08-07T03:32:00Z */
  requested_at: string;
  /** @example 2026-08-07T03:32:00Z */
  started_at: string | null;
  /** @example 2026-08-07T03:33:10Z */
  ended_at: string | null;
}

export const toKeptDays = ({
  archive_after_days = null,
  delete_after_days = null,
}: ArchivalSettingsUpdate): KeptDays => ({
  archiveAfterDays: archive_after_days,
  deleteAfterDays: delete_after_days,
});

export function toArchivalSettings(
  { archiveAfterDays, deleteAfterDays }: KeptDays,
  figures: StorageFigures,
): ArchivalSettingsWithStorage {
  const growth =
    deleteAfterDays !== null ? 'bounded' : archiveAfterDays !== null ? 'linear_efficient' : 'linear';
  return {
    settings: { archive_after_days: archiveAfterDays, delete_after_days: deleteAfterDays },
    storage: { ...toEstimate(figures), growth_class: growth },
  };
}

function toEstimate(figures: StorageFigures): Omit<StorageEstimate, 'growth_class'> {
  const { live, archive, otherBytes, liveCount, archiveCount } = figures;
  const liveBytes = live.dataBytes + live.indexBytes;
  const archiveBytes = archive.dataBytes + archive.indexBytes;
  const totalBytes = liveBytes + archiveBytes + otherBytes;
  return {
    live_data_bytes: live.dataBytes,
    live_index_bytes: live.indexBytes,
    archive_data_bytes: archive.dataBytes,
    archive_index_bytes: archive.indexBytes,
    other_tables_bytes: otherBytes,
    total_bytes: totalBytes,
    live_row_count: liveCount,
    archive_row_count: archiveCount,
    avg_bytes_per_live_row: mean(liveBytes, liveCount),
    avg_bytes_per_archive_row: mean(archiveBytes, archiveCount),
    live_data_span_days: figures.liveSpanDays,
    live_total_pretty: pretty(liveBytes),
    live_data_pretty: pretty(live.dataBytes),
    live_index_pretty: pretty(live.indexBytes),
    archive_total_pretty: pretty(archiveBytes),
    archive_data_pretty: pretty(archive.dataBytes),
    archive_index_pretty: pretty(archive.indexBytes),
    other_tables_pretty: pretty(otherBytes),
    total_pretty: pretty(totalBytes),
  };
}

const mean = (bytes: number, count: number): number =>
  count === 0 ? 0 : Math.round((bytes / count) * 10) / 10;

const UNITS = ['KB', 'MB', 'GB', 'TB'];

/** `512 B`, `7.5 MB` */
function pretty(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  const power = Math.min(UNITS.length, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1_024 ** power).toFixed(1)} ${UNITS[power - 1]}`;
}

const time = (at: Date | null) => at?.toISOString() ?? null;

export function toArchivalRun(task: BackgroundTask): ArchivalRunRead {
  const { users, samples, answers, records } = task.progress as ArchivalProgress;
  return {
    task_id: task.id,
    status: task.status,
    users,
    samples_deleted: samples,
    answers_deleted: answers,
    records_deleted: records,
    error: task.error,
    requested_at: task.requestedAt.toISOString(),
    started_at: time(task.startedAt),
    ended_at: time(task.endedAt),
  };
}
