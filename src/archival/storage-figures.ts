import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What tables take up on disk, and what is in them. Bytes. */
export interface StorageFigures {
  live: TableSize;
  archive: TableSize;
  otherBytes: number;
  /** Samples; in the table they lie by the day. */
  liveCount: number;
  /** Daily aggregates. */
  archiveCount: number;
  /** From the first to the last sample. */
  liveSpanDays: number;
}

export interface TableSize {
  dataBytes: number;
  indexBytes: number;
}

interface SizeRow extends TableSize {
  name: string;
}

@Injectable()
export class StorageReader {
  constructor(private readonly database: DataSource) {}

  async read(): Promise<StorageFigures> {
    const [sizes, [live], [archive]] = await Promise.all([
      this.database.query<SizeRow[]>(
        `SELECT c.relname AS name, pg_table_size(c.oid)::double precision AS "dataBytes",
                pg_indexes_size(c.oid)::double precision AS "indexBytes"
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`,
      ),
      this.database.query<{ count: number; days: number }[]>(
        `SELECT coalesce(sum(count), 0)::double precision AS count,
                coalesce(max(day) - min(day) + 1, 0) AS days FROM series_day`,
      ),
      this.database.query<{ count: number }[]>(
        `SELECT count(*)::double precision AS count FROM series_local_day`,
      ),
    ]);
    const sizeOf = (table: string) => sizes.find(({ name }) => name === table)!;
    const others = sizes.filter(({ name }) => name !== LIVE && name !== ARCHIVE);
    return {
      live: sizeOf(LIVE),
      archive: sizeOf(ARCHIVE),
      otherBytes: others.reduce((sum, { dataBytes, indexBytes }) => sum + dataBytes + indexBytes, 0),
      liveCount: live.count,
      archiveCount: archive.count,
      liveSpanDays: live.days,
    };
  }
}

const LIVE = 'series_day';
const ARCHIVE = 'series_local_day';
