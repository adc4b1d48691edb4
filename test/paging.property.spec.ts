import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { startApp, type TestApp } from './support/app';
import {
  dateOf,
  PagedWorld,
  type Beside,
  type Item,
  type PagedRead,
  type StoredDay,
} from './support/paged-world';

const RANGE = 'start_date=2026-01-01&end_date=2026-05-01';

const timeSeries = (query: string, beside: Beside = 'same dates'): PagedRead => ({
  path: `timeseries?start_time=2026-01-01&end_time=2026-05-01&${query}`,
  identity: (it) => [it.timestamp, it.type, it.is_daily_total, it.source.device_type].join(),
  beside,
  largestPage: 10_000,
});
const dated = (path: string, identity: (item: Item) => string, beside: Beside): PagedRead => ({
  path: `${path}${path.includes('?') ? '&' : '?'}${RANGE}`,
  identity,
  beside,
  largestPage: 1_000,
});
const byId = ({ id }: Item) => id;
const byDate = ({ date }: Item) => date;

const BY_CURSOR: PagedRead[] = [
  ...['raw', '1min', '5min', '15min', '1hour'].map((it) => timeSeries(`resolution=${it}`)),
  timeSeries('resolution=1day&aggregates=true', 'other dates'),
  timeSeries('types=steps&types=heart_rate&provider=ring-maker'),
  timeSeries('types=heart_rate&resolution=5min&aggregates=true&device_model=model_1'),
  dated('events/sleep', byId, 'other dates'),
  dated('events/sleep?filter_by_priority=true&include=details', byId, 'other dates'),
  dated('events/workouts', byId, 'other dates'),
  dated('events/menstrual-cycles', byId, 'other dates'),
  dated('summaries/activity', byDate, 'other dates'),
  dated('summaries/activity?sort_order=desc', byDate, 'other dates'),
  dated('summaries/sleep', byDate, 'other dates'),
  dated('summaries/recovery', byDate, 'other dates'),
];

/** An offset counts from the front, so that only what comes up behind leaves it in place. */
const BY_OFFSET = dated('health-scores', byId, 'earlier dates');

const day = fc.record<StoredDay>({
  // The only dates of what stands from the start; the ones between are for what comes up.
  date: fc.nat({ max: 11 }).map((index) => dateOf(2 * index)),
  // Few instants, so that many items of several series and sources share one.
  hours: fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 4 }),
  onBand: fc.boolean(),
  slept: fc.boolean(),
  napped: fc.boolean(),
  scored: fc.boolean(),
});
const days = fc.uniqueArray(day, { minLength: 1, maxLength: 6, selector: ({ date }) => date });
const limits = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });

describe('paging while somebody writes', () => {
  let server: TestApp;
  let database: DataSource;
  beforeAll(async () => {
    server = await startApp();
    database = server.app.get(DataSource);
  });
  afterAll(() => server?.close());

  it.each(BY_CURSOR)(
    '$path shows what has been there from the start once, and nothing twice',
    async (read) => {
      await holds(async (world, sizes) => {
        const stays = (await world.all(read)).map(read.identity);
        expect(new Set(stays).size).toBe(stays.length);
        await world.whileWriting(read.beside, async () => {
          const pages = await world.pages(read, sizes, null, 'next_cursor');
          expect(faults(pages.flat().map(read.identity), stays)).toEqual(NONE);
        });
        // What the writer has left behind stands from now on; it changes some of it as one goes back.
        const later = (await world.all(read)).map(read.identity);
        const beforeTheLast = await world.beforeTheLast(read, later.length);
        if (beforeTheLast === null) return;
        await world.whileWriting(read.beside, async () => {
          const pages = await world.pages(read, sizes, beforeTheLast, 'previous_cursor');
          expect(faults(pages.flat().map(read.identity), later.slice(0, -1))).toEqual(NONE);
        });
      });
    },
    60_000,
  );

  it('scores are shown once by offset, as long as what comes up is older', async () => {
    await holds(async (world, sizes) => {
      const stays = (await world.all(BY_OFFSET)).map(byId);
      await world.whileWriting(BY_OFFSET.beside, async () => {
        const shown = (await world.byOffset(BY_OFFSET, sizes)).map(byId);
        // The newer ones move each other.
        const ofThese = shown.filter((id) => stays.includes(id));
        expect(faults(ofThese, stays)).toEqual(NONE);
      });
    });
  }, 60_000);

  /** A slow machine makes fewer runs. */
  async function holds(property: (world: PagedWorld, sizes: number[]) => Promise<void>): Promise<void> {
    const until = performance.now() + 2_500;
    await fc.assert(
      fc.asyncProperty(days, limits, async (stored, sizes) => {
        if (performance.now() < until) await property(await PagedWorld.make(server, database, stored), sizes);
      }),
      { numRuns: 10 },
    );
  }
});

const NONE = { twice: [], never: [] };

/** Each that stays is shown once, and any other at most once. */
function faults(shown: string[], stays: string[]): { twice: string[]; never: string[] } {
  const seen = new Set(shown);
  return {
    twice: shown.filter((item, index) => shown.indexOf(item) !== index),
    never: stays.filter((item) => !seen.has(item)),
  };
}
