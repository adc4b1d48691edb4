import { dayContext, daysToCompute, isWithin } from './local-day';
import type { DayContext } from './write';

const at = (text: string) => Date.parse(text);
const known = (date: string, startsAt: string, timeZone: string | null = null) => ({
  date,
  startsAt: at(startsAt),
  timeZone,
});
const steps = (...instants: string[]) => ({
  code: 'steps' as const,
  instants: instants.map(at),
  values: instants.map((_, index) => 17 + index),
});

describe(dayContext.name, () => {
  const unknown = { date: '2026-05-02', startsAt: null, timeZone: null, neighbours: [] };
  const berlin = { startsAt: at('2026-05-01T22:00:00Z'), timeZone: 'Europe/Berlin' };
  const tokyo = { startsAt: at('2026-05-01T15:00:00Z'), timeZone: 'Asia/Tokyo' };

  it('lets the first answer that tells the start cut the date', () => {
    expect(dayContext(unknown, berlin, false)).toEqual({
      day: { date: '2026-05-02', ...berlin },
      before: { date: '2026-05-02', startsAt: null, timeZone: null },
      neighbours: [],
      firstCut: true,
      recut: false,
      settled: false,
    });
  });

  it('keeps the first cut, start and zone, against a later one', () => {
    expect(dayContext({ ...unknown, ...berlin }, tokyo, true)).toMatchObject({
      day: { date: '2026-05-02', ...berlin },
      firstCut: false,
      recut: true,
    });
    const zoneless = { ...unknown, startsAt: berlin.startsAt };
    expect(dayContext(zoneless, tokyo, false).day.timeZone).toBeNull();
  });

  it('learns the zone from an answer that cuts alike', () => {
    const zoneless = { ...unknown, startsAt: berlin.startsAt };
    expect(dayContext(zoneless, berlin, false)).toMatchObject({
      day: { ...berlin },
      firstCut: false,
      recut: false,
    });
  });

  it('takes an answer without a start for one that cuts alike', () => {
    const silent = { startsAt: null, timeZone: 'Asia/Tokyo' };
    expect(dayContext({ ...unknown, ...berlin }, silent, false)).toMatchObject({
      day: { ...berlin },
      recut: false,
    });
    expect(dayContext(unknown, silent, false)).toMatchObject({ day: { startsAt: null }, firstCut: false });
  });
});

describe(daysToCompute.name, () => {
  const context = (more: Partial<DayContext>): DayContext => ({
    day: known('2026-05-02', '2026-05-01T22:00:00Z', 'Europe/Berlin'),
    before: { date: '2026-05-02', startsAt: null, timeZone: null },
    neighbours: [],
    firstCut: false,
    recut: false,
    settled: false,
    ...more,
  });
  const dates = (it: DayContext, ...moved: ReturnType<typeof steps>[]) =>
    daysToCompute(it, moved).map(({ day, from, to }) => [
      day.date,
      new Date(from).toISOString(),
      new Date(to).toISOString(),
    ]);
  const before = known('2026-05-01', '2026-04-30T22:00:00Z', 'Europe/Berlin');
  const after = known('2026-05-03', '2026-05-02T22:00:00Z', 'Europe/Berlin');
  const inside = steps('2026-05-01T22:05:00Z', '2026-05-02T21:55:00Z');

  it('is none of a calendar without journeys', () => {
    expect(dates(context({ neighbours: [before, after] }), inside)).toEqual([]);
    expect(dates(context({ neighbours: [before], firstCut: true }), inside)).toEqual([]);
  });

  it('is the day that the answer cuts anew', () => {
    expect(dates(context({ recut: true }), inside)).toEqual([
      ['2026-05-02', '2026-05-01T22:00:00.000Z', '2026-05-02T22:00:00.000Z'],
    ]);
  });

  it('leaves a day that is cut anew as it is, unless something of it is new', () => {
    const missingOnly = (it: DayContext, ...moved: ReturnType<typeof steps>[]) =>
      daysToCompute(it, moved).map((day) => day.missingOnly);
    const tokyo = known('2026-05-03', '2026-05-02T15:00:00Z', 'Asia/Tokyo');
    expect(missingOnly(context({ recut: true }))).toEqual([true]);
    expect(missingOnly(context({ recut: true }), steps('2026-05-01T21:00:00Z'))).toEqual([true]);
    expect(missingOnly(context({ recut: true }), inside)).toEqual([false]);
    expect(missingOnly(context({ recut: true, neighbours: [tokyo] }))).toEqual([false]);
    expect(missingOnly(context({ recut: true, neighbours: [after] }))).toEqual([true]);
  });

  it('is the day of which another date shows that it ended elsewhere', () => {
    const tokyo = known('2026-05-03', '2026-05-02T15:00:00Z', 'Asia/Tokyo');
    expect(dates(context({ neighbours: [tokyo] }))).toEqual([
      ['2026-05-02', '2026-05-01T22:00:00.000Z', '2026-05-02T15:00:00.000Z'],
    ]);
  });

  it('is the day before, once it is known where it ends', () => {
    const tokyo = known('2026-05-02', '2026-05-01T15:00:00Z', 'Asia/Tokyo');
    expect(dates(context({ day: tokyo, neighbours: [before], firstCut: true }))).toEqual([
      ['2026-05-01', '2026-04-30T22:00:00.000Z', '2026-05-01T15:00:00.000Z'],
    ]);
    // That is told once; from then on it comes with the answers about the day before.
    expect(dates(context({ day: tokyo, neighbours: [before] }))).toEqual([]);
  });

  it('is each day that samples of the answer belong to', () => {
    const late = steps('2026-05-02T06:00:00Z', '2026-05-02T23:10:00Z');
    expect(dates(context({ neighbours: [before, after] }), late).map(([date]) => date)).toEqual([
      '2026-05-03',
    ]);
    const early = steps('2026-05-01T20:00:00Z', '2026-05-02T06:00:00Z');
    expect(dates(context({ neighbours: [before, after] }), early).map(([date]) => date)).toEqual([
      '2026-05-01',
    ]);
  });

  it('is none where the start is not known', () => {
    const day = { date: '2026-05-02', startsAt: null, timeZone: null };
    expect(dates(context({ day, neighbours: [before] }), inside)).toEqual([]);
  });

  it('ends the day before a date that a journey over the date line has skipped where the next one begins', () => {
    // From Pago Pago (-11:00) to Kiritimati (+14:00), where the date after has begun an hour before.
    const skipped = known('2026-05-02', '2026-05-02T11:00:00Z', 'Pacific/Pago_Pago');
    const earlier = known('2026-05-01', '2026-05-01T11:00:00Z', 'Pacific/Pago_Pago');
    const next = known('2026-05-03', '2026-05-02T10:00:00Z', 'Pacific/Kiritimati');
    expect(dates(context({ day: next, neighbours: [earlier, skipped], firstCut: true }))).toEqual([
      ['2026-05-01', '2026-05-01T11:00:00.000Z', '2026-05-02T10:00:00.000Z'],
      ['2026-05-02', '2026-05-02T11:00:00.000Z', '2026-05-02T11:00:00.000Z'],
    ]);
  });
});

describe(isWithin.name, () => {
  const tokyo = known('2026-05-03', '2026-05-02T15:00:00Z', 'Asia/Tokyo');
  const context: DayContext = {
    day: known('2026-05-02', '2026-05-01T22:00:00Z', 'Europe/Berlin'),
    before: { date: '2026-05-02', startsAt: null, timeZone: null },
    neighbours: [tokyo],
    firstCut: false,
    recut: false,
    settled: false,
  };

  it.each([
    ['2026-05-01T21:59:59Z', false],
    ['2026-05-01T22:00:00Z', true],
    ['2026-05-02T14:59:59Z', true],
    ['2026-05-02T15:00:00Z', false],
  ])('%s: %s', (instant, expected) => {
    expect(isWithin(context, at(instant))).toBe(expected);
  });

  it('is false where the start is not known', () => {
    const day = { date: '2026-05-02', startsAt: null, timeZone: null };
    expect(isWithin({ ...context, day }, at('2026-05-02T10:00:00Z'))).toBe(false);
  });
});
