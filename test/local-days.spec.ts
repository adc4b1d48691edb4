import type { DataSource } from 'typeorm';
import { Clock } from '../src/database/clock';
import type { NormalizedDay } from '../src/health-data/canonical';
import type { TimeSeriesItem } from '../src/health-data/time-series.dto';
import type { TimeSeriesReader } from '../src/health-data/time-series.reader';
import { serializeTimeSeries } from '../src/health-data/time-series.serializer';
import { InternalScoreStore } from '../src/health-data/internal-score.store';
import { SleepReader } from '../src/health-data/sleep.reader';
import { SummaryReader } from '../src/health-data/summary.reader';
import { User } from '../src/users/user.entity';
import { UsersService } from '../src/users/users.service';
import { addWearer, foldDay, makeDay, makeSleep, timeSeriesReader } from './support/health-data';
import { openDatabase } from './support/open-database';
import { PocketVendor } from './support/pocket-vendor';

const TABLES = ['series_day', 'series_local_day', 'daily_value', 'sleep_session', 'score'];

describe('local days', () => {
  let database: DataSource;
  let timeSeries: TimeSeriesReader;
  let summaries: SummaryReader;
  let sleepReader: SleepReader;
  let wearer: Awaited<ReturnType<typeof addWearer>>;
  beforeAll(async () => {
    database = await openDatabase([User]);
    const users = new UsersService(database.getRepository(User), new Clock());
    timeSeries = timeSeriesReader(database);
    summaries = new SummaryReader(database, users);
    sleepReader = new SleepReader(database, users, new Clock(), new InternalScoreStore());
  });
  afterAll(() => database?.destroy());
  beforeEach(async () => {
    wearer = await addWearer(database);
  });

  const fold = (day: NormalizedDay, settled = false) => foldDay(database, wearer, day, { settled });
  async function items(type: string): Promise<TimeSeriesItem[]> {
    const range = { start_time: '2011-12-01', end_time: '2026-12-31' };
    const page = await timeSeries.page(wearer.userId, { ...range, types: [type], limit: 10_000 });
    return JSON.parse(serializeTimeSeries(page).toString()).data;
  }
  /** By the date that stands on the wearer's own calendar at the item's time. */
  async function daily(type: string): Promise<Record<string, number>> {
    const totals = (await items(type)).filter((it) => it.is_daily_total);
    return Object.fromEntries(totals.map((it) => [localDateOf(it), it.value]));
  }
  const samples = async () => (await items('steps')).filter((it) => !it.is_daily_total);
  const versions = () =>
    Promise.all(
      TABLES.map((table) =>
        database.query(`SELECT ctid, xmin FROM ${table} WHERE user_id = $1 ORDER BY ctid`, [wearer.userId]),
      ),
    );
  const rowsOfSteps = () =>
    database.query(`SELECT at, value FROM sample WHERE user_id = $1 AND code = 'steps' ORDER BY at`, [
      wearer.userId,
    ]);

  // Each date with the instant that starts it; the last one only ends the one before.
  it.each<[string, string, [date: string, start: string][]]>([
    [
      'a day of 23 hours',
      'Europe/Berlin',
      [
        ['2026-03-28', '2026-03-27T23:00:00Z'],
        ['2026-03-29', '2026-03-28T23:00:00Z'],
        ['2026-03-30', '2026-03-29T22:00:00Z'],
        ['2026-03-31', '2026-03-30T22:00:00Z'],
      ],
    ],
    [
      'a day of 25 hours',
      'America/New_York',
      [
        ['2026-10-31', '2026-10-31T04:00:00Z'],
        ['2026-11-01', '2026-11-01T04:00:00Z'],
        ['2026-11-02', '2026-11-02T05:00:00Z'],
        ['2026-11-03', '2026-11-03T05:00:00Z'],
      ],
    ],
    [
      'a day of 23 and a half hours',
      'Australia/Lord_Howe',
      [
        ['2026-10-03', '2026-10-02T13:30:00Z'],
        ['2026-10-04', '2026-10-03T13:30:00Z'],
        ['2026-10-05', '2026-10-04T13:00:00Z'],
        ['2026-10-06', '2026-10-05T13:00:00Z'],
      ],
    ],
    [
      'a day that begins at one in the morning',
      'Asia/Beirut',
      [
        ['2026-03-28', '2026-03-27T22:00:00Z'],
        ['2026-03-29', '2026-03-28T22:00:00Z'],
        ['2026-03-30', '2026-03-29T21:00:00Z'],
      ],
    ],
    [
      'a day whose last hour comes twice',
      'America/Santiago',
      [
        ['2026-04-03', '2026-04-03T03:00:00Z'],
        ['2026-04-04', '2026-04-04T03:00:00Z'],
        ['2026-04-05', '2026-04-05T04:00:00Z'],
        ['2026-04-06', '2026-04-06T04:00:00Z'],
      ],
    ],
    [
      'days at half past',
      'Asia/Kolkata',
      [
        ['2026-05-01', '2026-04-30T18:30:00Z'],
        ['2026-05-02', '2026-05-01T18:30:00Z'],
        ['2026-05-03', '2026-05-02T18:30:00Z'],
      ],
    ],
    [
      'days at a quarter past',
      'Asia/Kathmandu',
      [
        ['2026-05-01', '2026-04-30T18:15:00Z'],
        ['2026-05-02', '2026-05-01T18:15:00Z'],
        ['2026-05-03', '2026-05-02T18:15:00Z'],
      ],
    ],
    [
      'days that begin first of all',
      'Pacific/Kiritimati',
      [
        ['2026-05-01', '2026-04-30T10:00:00Z'],
        ['2026-05-02', '2026-05-01T10:00:00Z'],
        ['2026-05-03', '2026-05-02T10:00:00Z'],
      ],
    ],
    [
      'a date that a country has left out',
      'Pacific/Apia',
      [
        ['2011-12-28', '2011-12-28T10:00:00Z'],
        ['2011-12-29', '2011-12-29T10:00:00Z'],
        ['2011-12-31', '2011-12-30T10:00:00Z'],
        ['2012-01-01', '2011-12-31T10:00:00Z'],
      ],
    ],
  ])('%s: totals are the sums of the samples, in whichever order the answers come', async (_, zone, days) => {
    const vendor = new PocketVendor(days[0][0] < '2012' ? '2011-12-26' : addDays(days[0][0], -2), 8 * 24);
    const dates = days.slice(0, -1).map(([date]) => date);
    const expected = Object.fromEntries(
      dates.map((date, index) => [date, vendor.steps(days[index][1], days[index + 1][1])]),
    );
    for (const date of dates.toReversed()) await fold(vendor.answer(date, zone));
    expect(await daily('steps')).toEqual(expected);
    const sums = Map.groupBy(await samples(), localDateOf);
    const bySamples = [...sums].map(([date, found]) => [
      date,
      found.reduce((sum, { value }) => sum + value, 0),
    ]);
    expect(Object.fromEntries(bySamples)).toEqual(expected);
    const before = await versions();
    for (const date of dates) await fold(vendor.answer(date, zone));
    expect(await versions()).toEqual(before);
  });

  describe('of someone on a journey', () => {
    const vendor = new PocketVendor('2026-04-28', 9 * 24);
    const stepsIn = (days: Record<string, [from: string, to: string]>) =>
      Object.fromEntries(Object.entries(days).map(([date, [from, to]]) => [date, vendor.steps(from, to)]));
    /** What the vendor tells again and again, once everything is synced. */
    async function resync(zone: string, dates: string[], settled = false): Promise<void> {
      for (const date of dates.toReversed()) await fold(vendor.answer(date, zone), settled);
    }

    it('eastward has a short day, and each step in one day only', async () => {
      await fold(vendor.answer('2026-05-01', 'Europe/Berlin', '2026-05-01T21:00:00Z'));
      await fold(vendor.answer('2026-05-02', 'Europe/Berlin', '2026-05-02T05:00:00Z'));
      // On the 2nd she flies to Tokyo, where the 3rd begins seven hours sooner.
      await resync('Asia/Tokyo', ['2026-05-01', '2026-05-02', '2026-05-03']);
      const expected: Record<string, [string, string]> = {
        '2026-05-01': ['2026-04-30T22:00:00Z', '2026-05-01T22:00:00Z'],
        '2026-05-02': ['2026-05-01T22:00:00Z', '2026-05-02T15:00:00Z'],
        '2026-05-03': ['2026-05-02T15:00:00Z', '2026-05-03T15:00:00Z'],
      };
      expect(await daily('steps')).toEqual(stepsIn(expected));
      const before = await versions();
      for (let round = 0; round < 10; round++)
        await resync('Asia/Tokyo', ['2026-05-01', '2026-05-02', '2026-05-03'], round > 5);
      expect(await versions()).toEqual(before);
      expect(await daily('steps')).toEqual(stepsIn(expected));
    });

    it('westward has a long day', async () => {
      await fold(vendor.answer('2026-05-02', 'Europe/Berlin', '2026-05-02T09:00:00Z'));
      await fold(vendor.answer('2026-05-02', 'America/Los_Angeles', '2026-05-03T04:00:00Z'));
      // Until the next date has begun, the day is thought to end where it would have without the journey.
      expect(await daily('steps')).toEqual(
        stepsIn({ '2026-05-02': ['2026-05-01T22:00:00Z', '2026-05-02T22:00:00Z'] }),
      );
      await fold(vendor.answer('2026-05-03', 'America/Los_Angeles', '2026-05-03T12:00:00Z'));
      expect(await daily('steps')).toEqual(
        stepsIn({
          '2026-05-02': ['2026-05-01T22:00:00Z', '2026-05-03T04:00:00Z'],
          '2026-05-03': ['2026-05-03T07:00:00Z', '2026-05-03T12:00:00Z'],
        }),
      );
      // Only now are the steps synced that she took in the evening of the 2nd.
      await resync('America/Los_Angeles', ['2026-05-02', '2026-05-03']);
      expect(await daily('steps')).toEqual(
        stepsIn({
          '2026-05-02': ['2026-05-01T22:00:00Z', '2026-05-03T07:00:00Z'],
          '2026-05-03': ['2026-05-03T07:00:00Z', '2026-05-04T07:00:00Z'],
        }),
      );
    });

    it('over the date line westward skips most of a date', async () => {
      await fold(vendor.answer('2026-05-01', 'America/Los_Angeles', '2026-05-02T04:00:00Z'));
      await fold(vendor.answer('2026-05-02', 'Australia/Sydney', '2026-05-02T13:00:00Z'));
      await resync('Australia/Sydney', ['2026-05-01', '2026-05-02', '2026-05-03']);
      expect(await daily('steps')).toEqual(
        stepsIn({
          '2026-05-01': ['2026-05-01T07:00:00Z', '2026-05-01T14:00:00Z'],
          '2026-05-02': ['2026-05-01T14:00:00Z', '2026-05-02T14:00:00Z'],
          '2026-05-03': ['2026-05-02T14:00:00Z', '2026-05-03T14:00:00Z'],
        }),
      );
    });

    it('over the date line eastward has a date twice', async () => {
      await fold(vendor.answer('2026-05-02', 'Australia/Sydney', '2026-05-02T08:00:00Z'));
      await resync('America/Los_Angeles', ['2026-05-02', '2026-05-03']);
      expect(await daily('steps')).toEqual(
        stepsIn({
          '2026-05-02': ['2026-05-01T14:00:00Z', '2026-05-03T07:00:00Z'],
          '2026-05-03': ['2026-05-03T07:00:00Z', '2026-05-04T07:00:00Z'],
        }),
      );
    });

    it('from the last zone to the first passes over a date that no hour is left of', async () => {
      await resync('Pacific/Pago_Pago', ['2026-05-01', '2026-05-02']);
      await resync('Pacific/Kiritimati', ['2026-05-03', '2026-05-04']);
      expect(await daily('steps')).toEqual(
        stepsIn({
          '2026-05-01': ['2026-05-01T11:00:00Z', '2026-05-02T10:00:00Z'],
          '2026-05-02': ['2026-05-02T11:00:00Z', '2026-05-02T11:00:00Z'],
          '2026-05-03': ['2026-05-02T10:00:00Z', '2026-05-03T10:00:00Z'],
          '2026-05-04': ['2026-05-03T10:00:00Z', '2026-05-04T10:00:00Z'],
        }),
      );
      // An average of nothing is none.
      expect(Object.keys(await daily('steps_per_interval'))).toEqual([
        '2026-05-01',
        '2026-05-03',
        '2026-05-04',
      ]);
    });

    it('leaves the past alone: no sample moves or doubles, totals keep the rounding of the vendor', async () => {
      const dates = ['2026-04-29', '2026-04-30', '2026-05-01'];
      await resync('Europe/Berlin', dates);
      const [series, ...rest] = [
        await rowsOfSteps(),
        await daily('steps'),
        await daily('steps_per_interval'),
      ];
      const told = vendor.answer('2026-04-30', 'Europe/Berlin').daily[1].value;
      expect(rest[1]).toMatchObject({ '2026-04-30': told });
      for (const zone of ['Asia/Tokyo', 'America/Los_Angeles', 'Europe/Berlin', 'Asia/Tokyo']) {
        for (const settled of [false, true]) await resync(zone, dates, settled);
      }
      const cutBefore = (rows: { at: Date }[]) =>
        rows.filter(
          ({ at }) => at >= new Date('2026-04-28T22:00:00Z') && at < new Date('2026-05-01T22:00:00Z'),
        );
      expect(cutBefore(await rowsOfSteps())).toEqual(series);
      expect([await daily('steps'), await daily('steps_per_interval')]).toEqual(rest);
    });

    it('counts late samples on the day they belong to, whichever date they come with', async () => {
      await fold(vendor.answer('2026-05-01', 'Europe/Berlin', '2026-05-01T19:00:00Z'));
      await fold(vendor.answer('2026-05-02', 'Europe/Berlin', '2026-05-02T01:00:00Z'));
      // In Tokyo the 2nd has begun at 15:00Z of the 1st: the evening in Berlin comes with it.
      await fold(vendor.answer('2026-05-02', 'Asia/Tokyo'));
      expect(await daily('steps')).toEqual(
        stepsIn({
          '2026-05-01': ['2026-04-30T22:00:00Z', '2026-05-01T22:00:00Z'],
          '2026-05-02': ['2026-05-01T22:00:00Z', '2026-05-02T15:00:00Z'],
        }),
      );
    });

    it('takes what is no sum of samples from the new cut, but of a settled day no longer', async () => {
      await fold(vendor.answer('2026-05-02', 'Europe/Berlin', '2026-05-02T09:00:00Z'));
      expect(await daily('active_time')).toEqual({ '2026-05-02': 11 });
      await fold(vendor.answer('2026-05-02', 'Asia/Tokyo', '2026-05-02T10:00:00Z'));
      expect(await daily('active_time')).toEqual({ '2026-05-02': 19 });
      await fold(vendor.answer('2026-05-02', 'Asia/Tokyo'), true);
      expect(await daily('active_time')).toEqual({ '2026-05-02': 19 });
    });

    it('believes the totals of an answer that holds just the samples of the day, where no zone tells its end', async () => {
      const spring = new PocketVendor('2026-03-26', 7 * 24);
      const zoneless = (date: string) => ({ ...spring.answer(date, 'Europe/Berlin'), timeZone: null });
      const [short, next] = [zoneless('2026-03-29'), zoneless('2026-03-30')];
      for (const day of [next, short, next, short]) await fold(day);
      expect(await daily('steps_per_interval')).toEqual({
        '2026-03-29': short.daily[1].value,
        '2026-03-30': next.daily[1].value,
      });
      expect(await daily('steps')).toEqual({
        '2026-03-29': spring.steps('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'),
        '2026-03-30': spring.steps('2026-03-29T22:00:00Z', '2026-03-30T22:00:00Z'),
      });
    });

    it('computes a total that the first answer did not have', async () => {
      const first = vendor.answer('2026-05-02', 'Europe/Berlin');
      await fold({ ...first, daily: [] });
      await fold(vendor.answer('2026-05-02', 'Asia/Tokyo'));
      expect(await daily('steps')).toEqual(
        stepsIn({ '2026-05-02': ['2026-05-01T22:00:00Z', '2026-05-02T22:00:00Z'] }),
      );
    });
  });

  describe('and sleep', () => {
    const sleepOf = async (from: string, to: string) => {
      const { data } = await summaries.sleep(wearer.userId, { start_date: from, end_date: to });
      return data.map(({ date, start_time, nap_count, zone_offset }) => [
        date,
        start_time,
        nap_count,
        zone_offset,
      ]);
    };
    const berlin = (date: string, sleeps: ReturnType<typeof makeSleep>[]) =>
      makeDay({
        date,
        startsAt: Date.parse(`${date}T00:00:00+02:00`),
        timeZone: 'Europe/Berlin',
        sleeps,
      });
    const overMidnight = { from: '2026-05-01T21:10:00Z', to: '2026-05-02T04:40:00Z' };
    const late = { from: '2026-05-02T22:20:00Z', to: '2026-05-03T05:15:00Z' };

    it('files a night under the date of waking up, over midnight or not', async () => {
      await fold(berlin('2026-05-03', [makeSleep({ date: '2026-05-03', ...late })]));
      await fold(berlin('2026-05-02', [makeSleep({ date: '2026-05-02', ...overMidnight })]));
      expect(await sleepOf('2026-05-01', '2026-05-05')).toEqual([
        ['2026-05-02', '2026-05-01T21:10:00Z', 0, '+02:00'],
        ['2026-05-03', '2026-05-02T22:20:00Z', 0, '+02:00'],
      ]);
    });

    it('has one night a date, the longest sleep and of equally long ones the first; the rest are naps', async () => {
      const sleeps = [
        makeSleep({ date: '2026-05-02', from: '2026-05-02T00:10:00Z', to: '2026-05-02T03:10:00Z' }),
        makeSleep({ date: '2026-05-02', from: '2026-05-01T19:30:00Z', to: '2026-05-01T22:30:00Z' }),
        makeSleep({ date: '2026-05-02', from: '2026-05-02T11:00:00Z', to: '2026-05-02T11:40:00Z' }),
      ];
      await fold({ ...berlin('2026-05-02', sleeps), scores: [RECOVERY] });
      expect(await sleepOf('2026-05-01', '2026-05-05')).toEqual([
        ['2026-05-02', '2026-05-01T19:30:00Z', 2, '+02:00'],
      ]);
      const range = { start_date: '2026-05-01', end_date: '2026-05-05' };
      const { data } = await sleepReader.page(wearer.userId, range);
      expect(data.map(({ start_time, is_nap }) => [start_time, is_nap])).toEqual([
        ['2026-05-02T11:00:00Z', true],
        ['2026-05-02T00:10:00Z', true],
        ['2026-05-01T19:30:00Z', false],
      ]);
      expect(
        await database.query(`SELECT recorded_at FROM score WHERE user_id = $1`, [wearer.userId]),
      ).toEqual([{ recorded_at: new Date('2026-05-01T22:30:00Z') }]);
    });

    it('does not let a sleep that comes with two dates go back and forth', async () => {
      const [second, third] = ['2026-05-02', '2026-05-03'].map((date) =>
        berlin(date, [makeSleep({ date, ...overMidnight, averageSpo2: 96 })]),
      );
      await fold(third);
      await fold(second);
      const before = await versions();
      for (const day of [third, second, third]) await fold(day);
      expect(await versions()).toEqual(before);
      expect(await sleepOf('2026-05-01', '2026-05-05')).toEqual([
        ['2026-05-02', '2026-05-01T21:10:00Z', 0, '+02:00'],
      ]);
    });

    it('updates a sleep that a journey has brought under another date', async () => {
      const tokyo = (date: string, efficiencyPercent: number) =>
        makeDay({
          date,
          startsAt: Date.parse(`${date}T00:00:00+09:00`),
          timeZone: 'Asia/Tokyo',
          sleeps: [makeSleep({ date, ...evening, efficiencyPercent })],
        });
      // Asleep in the evening of the 2nd in Berlin, which in Tokyo is the 3rd already.
      const evening = { from: '2026-05-02T13:00:00Z', to: '2026-05-02T18:30:00Z' };
      await fold(
        berlin('2026-05-02', [makeSleep({ date: '2026-05-02', ...evening, efficiencyPercent: 81 })]),
      );
      await fold(berlin('2026-05-03', []));
      await fold(tokyo('2026-05-03', 87));
      const { data } = await summaries.sleep(wearer.userId, {
        start_date: '2026-05-01',
        end_date: '2026-05-05',
      });
      expect(data).toMatchObject([{ date: '2026-05-02', zone_offset: '+02:00', efficiency_percent: 87 }]);
    });
  });
});

const RECOVERY = {
  category: 'recovery' as const,
  date: '2026-05-02',
  value: 73,
  qualifier: null,
  components: null,
};

const addDays = (date: string, days: number) =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

/** Where the item stands on the wearer's own calendar. */
function localDateOf({ timestamp, zone_offset }: TimeSeriesItem): string {
  const [hours, minutes] = zone_offset!.slice(1).split(':').map(Number);
  const offset = (zone_offset!.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  return new Date(Date.parse(timestamp) + offset).toISOString().slice(0, 10);
}
