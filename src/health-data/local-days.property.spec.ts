import fc from 'fast-check';
import {
  DAY_MS,
  endOfDate,
  endOfDay,
  localNoon,
  offsetAt,
  offsetSegments,
  type KnownDay,
} from './zone-offset';

/** With half hours and quarters, with clocks that change by half an hour, at midnight, in Ramadan, and not at all. */
const ZONES = [
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Pacific/Chatham',
  'America/St_Johns',
  'America/Asuncion',
  'America/Santiago',
  'America/Havana',
  'America/Los_Angeles',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Beirut',
  'Europe/Berlin',
  'UTC',
];

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** In that year Samoa left out a date. */
const FIRST = Date.parse('2011-01-01');
const DATES = 6_400;

/** What the runtime's own calendar says, which the code under test does not ask. */
const clocks = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    }),
  ]),
);

function wallClock(instant: number, timeZone: string): { date: string; time: string; offsetMinutes: number } {
  const parts = clocks.get(timeZone)!.formatToParts(instant);
  const [year, month, day, hour, minute] = ['year', 'month', 'day', 'hour', 'minute'].map(
    (type) => parts.find((part) => part.type === type)!.value,
  );
  const [date, time] = [`${year}-${month}-${day}`, `${hour}:${minute}`];
  const minutes = Math.floor(instant / MINUTE) * MINUTE;
  return { date, time, offsetMinutes: (Date.parse(`${date}T${time}Z`) - minutes) / MINUTE };
}

/** The first instant of a date, found by looking at the clock; null for a date that a zone has left out. */
function startOf(date: string, timeZone: string): number | null {
  let [before, after] = [Date.parse(date) - 15 * HOUR, Date.parse(date) + 13 * HOUR];
  while (after - before > MINUTE) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE;
    if (wallClock(middle, timeZone).date < date) before = middle;
    else after = middle;
  }
  return wallClock(after, timeZone).date === date ? after : null;
}

const dateOf = (number: number) => new Date(FIRST + number * DAY_MS).toISOString().slice(0, 10);

function dayIn(number: number, timeZone: string): KnownDay[] {
  const startsAt = startOf(dateOf(number), timeZone);
  return startsAt === null ? [] : [{ date: dateOf(number), startsAt, timeZone }];
}

const calendarIn = (timeZone: string, from: number, dates: number) =>
  Array.from({ length: dates }, (_, index) => dayIn(from + index, timeZone)).flat();

const offsetMinutes = (text: string) => {
  const [hours, minutes] = text.slice(1).split(':').map(Number);
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
};

/** Dates around which the zone changes its clock. */
const changes = new Map(
  ZONES.map((timeZone) => {
    const offsets = Array.from(
      { length: DATES / 8 },
      (_, week) => wallClock(FIRST + week * 8 * DAY_MS, timeZone).offsetMinutes,
    );
    const weeks = offsets.flatMap((offset, week) => (week > 0 && offset !== offsets[week - 1] ? [week] : []));
    return [timeZone, weeks.flatMap((week) => Array.from({ length: 10 }, (_, day) => week * 8 - 9 + day))];
  }),
);

const zone = fc.constantFrom(...ZONES);
const zoneAndDate = zone.chain((timeZone) =>
  fc.tuple(
    fc.constant(timeZone),
    fc.oneof(fc.nat({ max: DATES }), fc.constantFrom(...changes.get(timeZone)!, 0)),
  ),
);
/** Of a span, its end excluded. */
const share = fc.nat({ max: 999_999 }).map((millionths) => millionths / 1_000_000);

describe('local days of any zone', () => {
  it('end where the clock shows another date for the first time', () => {
    fc.assert(
      fc.property(zoneAndDate, ([timeZone, date]) => {
        for (const day of dayIn(date, timeZone)) {
          expect(wallClock(endOfDay(day) - 1, timeZone).date).toBe(day.date);
          expect(wallClock(endOfDay(day), timeZone).date > day.date).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('have at every instant the offset that the clock has', () => {
    fc.assert(
      fc.property(zoneAndDate, share, ([timeZone, date], ofDay) => {
        for (const day of dayIn(date, timeZone)) {
          const instant = Math.floor(day.startsAt + ofDay * (endOfDay(day) - day.startsAt));
          expect(offsetMinutes(offsetAt(day, instant)!)).toBe(wallClock(instant, timeZone).offsetMinutes);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('have their noon at twelve', () => {
    fc.assert(
      fc.property(zoneAndDate, ([timeZone, date]) => {
        for (const day of dayIn(date, timeZone))
          expect(wallClock(localNoon(day), timeZone)).toMatchObject({ date: day.date, time: '12:00' });
      }),
      { numRuns: 500 },
    );
  });

  it('hold each instant once, on the date that the clock shows', () => {
    fc.assert(
      fc.property(zoneAndDate, fc.array(share, { minLength: 1 }), ([timeZone, from], shares) => {
        const days = calendarIn(timeZone, from, 4);
        const [start, end] = [days[0].startsAt, endOfDate(days.at(-1)!, days)];
        for (const instant of shares.map((it) => Math.floor(start + it * (end - start))))
          expect(datesHolding(days, instant)).toEqual([wallClock(instant, timeZone).date]);
      }),
    );
  });

  it('add up to all samples, whatever the length of the days', () => {
    fc.assert(
      fc.property(zoneAndDate, fc.integer({ min: 3, max: 61 }), ([timeZone, from], minutes) => {
        const days = calendarIn(timeZone, from, 5);
        const [start, end] = [days[0].startsAt, endOfDate(days.at(-1)!, days)];
        const counts = days.map((day) => {
          const to = endOfDate(day, days);
          return (
            Math.ceil((to - start) / (minutes * MINUTE)) -
            Math.ceil((day.startsAt - start) / (minutes * MINUTE))
          );
        });
        const samples = Math.ceil((end - start) / (minutes * MINUTE));
        expect(counts.reduce((sum, count) => sum + count)).toBe(samples);
      }),
    );
  });

  it('are cut into offsets without a gap', () => {
    fc.assert(
      fc.property(zoneAndDate, ([timeZone, from]) => {
        const days = calendarIn(timeZone, from, 5);
        const segments = offsetSegments(days);
        expect(segments[0].from).toBe(days[0].startsAt);
        expect(segments.at(-1)!.to).toBe(endOfDate(days.at(-1)!, days));
        expect(segments.slice(1).map(({ from }) => from)).toEqual(segments.slice(0, -1).map(({ to }) => to));
        for (const { from, to, offset } of segments) {
          for (const instant of [from, to - 1])
            expect(offsetMinutes(offset)).toBe(wallClock(instant, timeZone).offsetMinutes);
        }
      }),
    );
  });
});

describe('local days of someone on a journey', () => {
  // Each date as it was first cut, in whichever zone its first answer told.
  const journey = fc
    .tuple(fc.nat({ max: DATES }), fc.array(zone, { minLength: 3, maxLength: 8 }))
    .map(([from, zones]) => zones.flatMap((timeZone, index) => dayIn(from + index, timeZone)));

  it('hold each instant once, over the date line and back too', () => {
    fc.assert(
      fc.property(journey, fc.array(share, { minLength: 1 }), (days, shares) => {
        const start = Math.min(...days.map(({ startsAt }) => startsAt));
        const end = endOfDate(days.at(-1)!, days);
        for (const instant of shares.map((it) => Math.floor(start + it * (end - start)))) {
          const begun = days.filter(({ startsAt }) => startsAt <= instant);
          expect(datesHolding(days, instant)).toEqual([begun.at(-1)!.date]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('have one offset at each instant', () => {
    fc.assert(
      fc.property(journey, (days) => {
        const segments = offsetSegments(days);
        expect(segments.every(({ from, to }) => from < to)).toBe(true);
        expect(segments.slice(1).map(({ from }) => from)).toEqual(segments.slice(0, -1).map(({ to }) => to));
      }),
      { numRuns: 200 },
    );
  });
});

/** @param days ascending by date */
const datesHolding = (days: KnownDay[], instant: number) =>
  days.filter((day) => day.startsAt <= instant && instant < endOfDate(day, days)).map(({ date }) => date);
