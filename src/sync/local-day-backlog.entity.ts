import { Entity, PrimaryColumn } from 'typeorm';

const KEY = { primaryKeyConstraintName: 'series_local_day_backlog_pkey' };

/** A source whose local days are to be summed up anew, whole. */
@Entity('series_local_day_backlog')
export class LocalDayBacklogEntry {
  @PrimaryColumn('uuid', { name: 'user_id', ...KEY })
  userId: string;

  @PrimaryColumn('uuid', { name: 'source_id', ...KEY })
  sourceId: string;
}
