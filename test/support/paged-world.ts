import type { DataSource } from 'typeorm';
import type { NormalizedDay, SeriesCode } from '../../src/health-data/canonical';
import type { TestApp } from './app';
import { addWearer, foldDay, makeDay, makeSleep } from './health-data';

type Wearer = Awaited<ReturnType<typeof addWearer>>;

/** Where in a list something new may come up while it is paged through. */
export type Beside = 'same dates' | 'other dates' | 'earlier dates';

/** What one of the lists shows. */
export interface Item {
  id: string;
  date: string;
  timestamp: string;
  type: string;
  is_daily_total: boolean | null;
  source: { device_type: string };
}

export interface PagedRead {
  path: string;
  /** What makes an item this one and no other. */
  identity: (item: Item) => string;
  beside: Beside;
  largestPage: number;
}

export interface StoredDay {
  date: string;
  /** Of UTC, before noon. */
  hours: number[];
  onBand: boolean;
  slept: boolean;
  napped: boolean;
  scored: boolean;
}

interface Page {
  data: Item[];
  pagination: { next_cursor: string | null; previous_cursor: string | null; has_more: boolean };
}

const SAMPLES: SeriesCode[] = ['heart_rate', 'skin_temperature', 'steps'];
const HOUR_MS = 3_600_000;

/** Of March 2026, counted from 0. */
export const dateOf = (index: number) => new Date(Date.UTC(2026, 2, 1 + index)).toISOString().slice(0, 10);

/** A user with a ring and a band. */
export class PagedWorld {
  private constructor(
    private readonly server: TestApp,
    private readonly database: DataSource,
    private readonly ring: Wearer,
    private readonly band: Wearer,
    private readonly dates: string[],
  ) {}

  static async make(server: TestApp, database: DataSource, stored: StoredDay[]): Promise<PagedWorld> {
    const ring = await addWearer(database);
    const band = await addWearer(database, {
      userId: ring.userId,
      provider: 'band-maker',
      deviceType: 'band',
    });
    for (const it of stored) {
      await foldDay(database, ring, dayOf(it));
      if (it.onBand) await foldDay(database, band, dayOf(it));
    }
    return new PagedWorld(
      server,
      database,
      ring,
      band,
      stored.map(({ date }) => date),
    );
  }

  async all(read: PagedRead): Promise<Item[]> {
    return (await this.page(read, `limit=${read.largestPage}`)).data;
  }

  async pages(
    read: PagedRead,
    sizes: number[],
    start: string | null,
    direction: 'next_cursor' | 'previous_cursor',
  ): Promise<Item[][]> {
    const found: Item[][] = [];
    for (let cursor = start; found.length === 0 || cursor !== null;) {
      const limit = sizes[found.length % sizes.length];
      const { data, pagination } = await this.page(
        read,
        `limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      if (data.length > limit || pagination.has_more !== (pagination.next_cursor !== null))
        throw new Error(`${data.length} items of ${limit}: ${JSON.stringify(pagination)}`);
      found.push(data);
      cursor = pagination[direction];
    }
    return found;
  }

  /** A cursor. @param count of all items */
  async beforeTheLast(read: PagedRead, count: number): Promise<string | null> {
    if (count < 2) return null;
    const { pagination } = await this.page(read, `limit=${count - 1}`);
    const last = await this.page(read, `limit=1&cursor=${pagination.next_cursor}`);
    if (last.data.length !== 1 || last.pagination.next_cursor !== null)
      throw new Error(`not the last one: ${JSON.stringify(last)}`);
    return last.pagination.previous_cursor;
  }

  async byOffset(read: PagedRead, sizes: number[]): Promise<Item[]> {
    const shown: Item[] = [];
    for (let page = 0, more = true; more; page++) {
      const { data, pagination } = await this.page(
        read,
        `limit=${sizes[page % sizes.length]}&offset=${shown.length}`,
      );
      shown.push(...data);
      more = pagination.has_more;
    }
    return shown;
  }

  /** Writes day after day until the reader is done, again and again the same ones with other values. */
  async whileWriting(beside: Beside, reading: () => Promise<void>): Promise<void> {
    const reader = { isDone: false };
    const written = {
      'same dates': this.dates,
      'other dates': Array.from({ length: 12 }, (_, index) => dateOf(2 * index + 1)),
      'earlier dates': Array.from({ length: 12 }, (_, index) => dateOf(-2 - index)),
    }[beside];
    const write = async () => {
      for (let count = 0; !reader.isDone; count++) {
        const date = written[(count * 5) % written.length];
        const target = count % 3 === 0 ? this.band : this.ring;
        await foldDay(
          this.database,
          target,
          beside === 'same dates' ? otherHours(date, count) : otherDay(date, count),
        );
      }
    };
    const writing = write();
    await reading().finally(() => {
      reader.isDone = true;
    });
    await writing;
  }

  private async page(read: PagedRead, query: string): Promise<Page> {
    const { status, body } = await this.server.request(
      'GET',
      `/api/v1/users/${this.ring.userId}/${read.path}&${query}`,
    );
    if (status !== 200) throw new Error(`${read.path}: ${status} ${body.detail}`);
    return body;
  }
}

/** Samples from UTC midnight until noon, on the full hour; sleeps end at 01:00. */
function dayOf({ date, hours, slept, napped, scored }: StoredDay): NormalizedDay {
  const instants = hours.toSorted((a, b) => a - b).map((hour) => Date.parse(date) + hour * HOUR_MS);
  return makeDay({
    date,
    series: SAMPLES.map((code) => ({ code, instants, values: instants.map((_, index) => 40 + index) })),
    daily: [
      { code: 'resting_heart_rate', date, value: 51 },
      { code: 'active_time', date, value: 30 },
    ],
    sleeps: [
      ...(slept ? [sleepOf(date, -6, 1)] : []),
      // It begins when the nap of another source does.
      ...(napped ? [sleepOf(date, 8, 9)] : []),
    ],
    scores: scored ? [scoreOf(date, 70)] : [],
  });
}

/** Afternoon hours of the same local date: what they are part of stands beside all that was there before. */
const otherHours = (date: string, count: number): NormalizedDay =>
  makeDay({
    date,
    series: (['heart_rate', 'skin_temperature'] as const).map((code) => ({
      code,
      instants: [Date.parse(date) + (12 + (count % 6)) * HOUR_MS + 60_000 * (count % 7)],
      values: [30 + (count % 9)],
    })),
  });

const otherDay = (date: string, count: number): NormalizedDay => ({
  ...dayOf({
    date,
    hours: [count % 12],
    onBand: false,
    slept: count % 2 === 0,
    napped: count % 3 === 0,
    scored: false,
  }),
  scores: [scoreOf(date, 50 + (count % 40))],
});

const sleepOf = (date: string, from: number, to: number) =>
  makeSleep({
    date,
    from: new Date(Date.parse(date) + from * HOUR_MS).toISOString(),
    to: new Date(Date.parse(date) + to * HOUR_MS).toISOString(),
    asleepSeconds: 3_600,
  });

const scoreOf = (date: string, value: number) => ({
  category: 'recovery' as const,
  date,
  value,
  qualifier: null,
  components: null,
});
