import { ReplayCalendar } from './replay-calendar';
import { checkRange, replacedInstants } from './replay-span';

const at = (text: string) => Date.parse(text);
const day = (date: string, startsAt: string, timeZone: string | null = null) => ({
  date,
  startsAt: at(startsAt),
  timeZone,
});

/** At +05:30, with a journey east on the 3rd: it ends three hours early. */
const calendar = new ReplayCalendar([
  day('2026-03-01', '2026-02-28T18:30:00Z'),
  day('2026-03-02', '2026-03-01T18:30:00Z'),
  day('2026-03-03', '2026-03-02T18:30:00Z'),
  day('2026-03-04', '2026-03-03T15:30:00Z'),
  { date: '2026-03-06', startsAt: null, timeZone: null },
]);

describe(ReplayCalendar.name, () => {
  it.each([
    ['2026-03-01T18:29:59.999Z', '2026-03-01'],
    ['2026-03-01T18:30:00Z', '2026-03-02'],
    ['2026-03-03T15:29:59Z', '2026-03-03'],
    ['2026-03-03T15:30:00Z', '2026-03-04'],
    // Outside of the known days: by UTC.
    ['2026-02-28T18:29:00Z', '2026-02-28'],
    ['2026-03-05T11:00:00Z', '2026-03-05'],
  ])('knows which date %s falls on: %s', (instant, date) => {
    expect(calendar.dateOf(at(instant))).toBe(date);
  });

  it('tells where a day begins and ends, by UTC where nobody has said', () => {
    expect(calendar.spanOf('2026-03-03')).toEqual({
      from: at('2026-03-02T18:30:00Z'),
      to: at('2026-03-03T15:30:00Z'),
    });
    expect(calendar.spanOf('2026-03-06')).toEqual({ from: at('2026-03-06'), to: at('2026-03-07') });
    expect(calendar.inContext('2026-03-02').neighbours.map(({ date }) => date)).toEqual([
      '2026-03-01',
      '2026-03-03',
      '2026-03-04',
    ]);
  });
});

describe(replacedInstants.name, () => {
  const both = { stored: calendar, made: calendar };

  it('ends where the days do, and spares those that are left alone', () => {
    const dates = ['2026-03-01', '2026-03-03'];
    const range = { from: '2026-03-01', to: '2026-03-03' };
    const isReplaced = replacedInstants(range, { dates, untouched: ['2026-03-02'] }, both);
    const told = [
      '2026-02-28T18:29:59Z',
      '2026-02-28T18:30:00Z',
      '2026-03-01T18:29:59Z',
      '2026-03-01T18:30:00Z',
      '2026-03-02T18:29:59Z',
      '2026-03-02T18:30:00Z',
      '2026-03-03T15:29:59Z',
      '2026-03-03T15:30:00Z',
    ].map((instant) => isReplaced(at(instant)));
    expect(told).toEqual([false, true, true, false, false, true, true, false]);
  });

  it('has no end where the range has none', () => {
    const dates = ['2026-03-03'];
    const open = replacedInstants({ from: null, to: null }, { dates, untouched: ['2026-03-01'] }, both);
    expect([at('1999-01-01'), at('2026-03-01'), at('2042-01-01')].map(open)).toEqual([true, false, true]);
    const until = replacedInstants({ from: null, to: '2026-03-03' }, { dates, untouched: [] }, both);
    expect([at('1999-01-01'), at('2026-03-03T15:30:00Z')].map(until)).toEqual([true, false]);
  });

  it('covers a day as it was cut and as it is cut now', () => {
    const made = new ReplayCalendar([day('2026-03-03', '2026-03-02T21:00:00Z')]);
    const range = { from: '2026-03-03', to: '2026-03-03' };
    const isReplaced = replacedInstants(
      range,
      { dates: ['2026-03-03'], untouched: [] },
      { stored: calendar, made },
    );
    const ends = ['2026-03-02T18:30:00Z', '2026-03-03T20:59:00Z', '2026-03-03T21:00:00Z'];
    expect(ends.map((instant) => isReplaced(at(instant)))).toEqual([true, true, false]);
  });
});

describe(checkRange.name, () => {
  it.each([
    ['2026-02-30', null, "Invalid from: '2026-02-30'. Expected a date such as 2026-03-01."],
    ['0000-01-01', null, "Invalid from: '0000-01-01'."],
    [null, '1.3.2026', "Invalid to: '1.3.2026'."],
    ['2026-03-04', '2026-03-03', 'The range ends on 2026-03-03, before it starts on 2026-03-04.'],
  ])('refuses %s to %s', (from, to, message) => {
    expect(() => checkRange({ from, to })).toThrow(message);
  });

  it('takes a single day and open ends', () => {
    expect(() => checkRange({ from: '2024-02-29', to: '2024-02-29' })).not.toThrow();
    expect(() => checkRange({ from: null, to: null })).not.toThrow();
  });
});
