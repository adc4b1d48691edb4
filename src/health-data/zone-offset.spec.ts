import fc from 'fast-check';
import { DateTime } from 'luxon';
import { endOfDay, localNoon, offsetAt, offsetSegments, type CalendarDay } from './zone-offset';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const day = (date: string, startsAt: string, timeZone: string | null) => ({
  date,
  startsAt: at(startsAt),
  timeZone,
});
const utc = (instant: number) => new Date(instant).toISOString();

describe(offsetAt.name, () => {
  it('takes the zone that agrees with the start of the day', () => {
    const kolkata = day('2026-03-01', '2026-02-28T18:30:00Z', 'Asia/Kolkata');
    expect(offsetAt(kolkata, at('2026-03-01T09:00:00Z'))).toBe('+05:30');
  });

  it('takes the offset of the day where the zone says something else', () => {
    // The vendor tells the zone of now, which a traveller has changed since.
    const berlin = day('2026-01-15', '2026-01-15T08:00:00Z', 'Europe/Berlin');
    expect(offsetAt(berlin, at('2026-01-15T09:00:00Z'))).toBe('-08:00');
    expect(offsetAt({ ...berlin, timeZone: 'No/Such_Zone' }, 0)).toBe('-08:00');
    expect(offsetAt({ ...berlin, timeZone: null }, 0)).toBe('-08:00');
  });

  it('is null where no answer has told the start of the day', () => {
    const unknown: CalendarDay = { date: '2026-01-15', startsAt: null, timeZone: 'Europe/Berlin' };
    expect(offsetAt(unknown, at('2026-01-15T09:00:00Z'))).toBeNull();
  });

  it.each([
    ['2026-03-29', '2026-03-28T23:00:00Z', 'Europe/Berlin', '2026-03-29T00:59:59.999Z', '+01:00'],
    ['2026-03-29', '2026-03-28T23:00:00Z', 'Europe/Berlin', '2026-03-29T01:00:00Z', '+02:00'],
    ['2026-06-01', '2026-05-31T10:00:00Z', 'Pacific/Kiritimati', '2026-05-31T12:00:00Z', '+14:00'],
    ['2026-06-01', '2026-06-01T11:00:00Z', 'Pacific/Pago_Pago', '2026-06-01T12:00:00Z', '-11:00'],
    ['2026-06-01', '2026-06-01T02:30:00Z', 'America/St_Johns', '2026-06-01T12:00:00Z', '-02:30'],
    ['2026-06-01', '2026-05-31T18:15:00Z', 'Asia/Kathmandu', '2026-06-01T12:00:00Z', '+05:45'],
  ])('%s from %s in %s: at %s it is %s', (date, startsAt, zone, instant, offset) => {
    expect(offsetAt(day(date, startsAt, zone), at(instant))).toBe(offset);
  });

  it('believes a zone whose clock jumps over midnight', () => {
    // Beirut: 2026-03-29 begins at 01:00 local time.
    const beirut = day('2026-03-29', '2026-03-28T22:00:00Z', 'Asia/Beirut');
    expect(offsetAt(beirut, beirut.startsAt)).toBe('+03:00');
  });
});

describe(endOfDay.name, () => {
  it.each([
    ['2026-03-29', '2026-03-28T23:00:00Z', 'Europe/Berlin', 23],
    ['2026-10-25', '2026-10-24T22:00:00Z', 'Europe/Berlin', 25],
    ['2026-10-24', '2026-10-23T22:00:00Z', 'Europe/Berlin', 24],
    ['2026-10-04', '2026-10-03T13:30:00Z', 'Australia/Lord_Howe', 23.5],
    ['2026-03-28', '2026-03-27T22:00:00Z', 'Asia/Beirut', 24],
    ['2026-03-29', '2026-03-28T22:00:00Z', 'Asia/Beirut', 23],
    // The clock goes back at midnight, from 24:00 to 23:00: the same date lasts on.
    ['2026-10-24', '2026-10-23T21:00:00Z', 'Asia/Beirut', 25],
    // Samoa left out 2011-12-30 when it crossed the date line.
    ['2011-12-29', '2011-12-29T10:00:00Z', 'Pacific/Apia', 24],
  ])('%s from %s in %s lasts %d hours', (date, startsAt, zone, hours) => {
    const it = day(date, startsAt, zone);
    expect((endOfDay(it) - it.startsAt) / HOUR).toBe(hours);
  });

  it('is the start of the next date in any zone at any time of the year', () => {
    const zones = [
      'Europe/Berlin',
      'America/St_Johns',
      'Asia/Kolkata',
      'Africa/Cairo',
      'America/Havana',
      'Pacific/Chatham',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 4_000 }), (timeZone, number) => {
        const start = DateTime.fromISO('2020-01-01', { zone: timeZone })
          .plus({ days: number })
          .startOf('day');
        const next = start.plus({ days: 1 }).startOf('day');
        const it = { date: start.toISODate()!, startsAt: start.toMillis(), timeZone };
        expect(utc(endOfDay(it))).toBe(utc(next.toMillis()));
      }),
    );
  });
});

describe(localNoon.name, () => {
  it.each([
    [day('2026-03-01', '2026-02-28T18:30:00Z', 'Asia/Kolkata'), '2026-03-01T06:30:00.000Z'],
    [day('2026-03-29', '2026-03-28T23:00:00Z', 'Europe/Berlin'), '2026-03-29T10:00:00.000Z'],
    [day('2026-03-29', '2026-03-28T23:00:00Z', null), '2026-03-29T11:00:00.000Z'],
    [{ date: '2026-03-29', startsAt: null, timeZone: 'Europe/Berlin' }, '2026-03-29T12:00:00.000Z'],
  ])('of %j is %s', (it, noon) => {
    expect(utc(localNoon(it))).toBe(noon);
  });
});

describe(offsetSegments.name, () => {
  const segments = (...days: ReturnType<typeof day>[]) =>
    offsetSegments(days).map(({ from, to, offset }) => [utc(from), utc(to), offset]);

  it('cuts a day where the clock changes', () => {
    expect(segments(day('2026-10-25', '2026-10-24T22:00:00Z', 'Europe/Berlin'))).toEqual([
      ['2026-10-24T22:00:00.000Z', '2026-10-25T01:00:00.000Z', '+02:00'],
      ['2026-10-25T01:00:00.000Z', '2026-10-25T23:00:00.000Z', '+01:00'],
    ]);
  });

  it('lets a day last until the next date begins, however a traveller moves', () => {
    expect(
      segments(
        day('2026-05-01', '2026-04-30T22:00:00Z', null),
        // Eastward: the day is over after 18.5 hours.
        day('2026-05-02', '2026-05-01T16:30:00Z', null),
        // Westward: it lasts 32 hours.
        day('2026-05-03', '2026-05-03T00:30:00Z', null),
      ),
    ).toEqual([
      ['2026-04-30T22:00:00.000Z', '2026-05-01T16:30:00.000Z', '+02:00'],
      ['2026-05-01T16:30:00.000Z', '2026-05-03T00:30:00.000Z', '+07:30'],
      ['2026-05-03T00:30:00.000Z', '2026-05-04T00:30:00.000Z', '-00:30'],
    ]);
  });

  it('leaves a gap where the calendar has one', () => {
    expect(
      segments(
        day('2026-05-01', '2026-04-30T22:00:00Z', null),
        day('2026-05-04', '2026-05-03T22:00:00Z', null),
      ),
    ).toEqual([
      ['2026-04-30T22:00:00.000Z', '2026-05-01T22:00:00.000Z', '+02:00'],
      ['2026-05-03T22:00:00.000Z', '2026-05-04T22:00:00.000Z', '+02:00'],
    ]);
  });

  it('tells of every instant what the rule for single instants tells', () => {
    const days = Array.from({ length: 300 }, (_, number) => {
      const start = DateTime.fromISO('2026-01-05', { zone: 'America/St_Johns' }).plus({ days: number });
      return { date: start.toISODate()!, startsAt: start.toMillis(), timeZone: 'America/St_Johns' };
    });
    const all = offsetSegments(days);
    fc.assert(
      fc.property(fc.nat({ max: 299 }), fc.nat({ max: 23 * HOUR - 1 }), (number, ms) => {
        const instant = days[number].startsAt + ms;
        const segment = all.find(({ from, to }) => from <= instant && instant < to);
        expect(segment?.offset).toBe(offsetAt(days[number], instant));
      }),
    );
  });
});
