import { datesBetween } from '../life/local-day';
import { traveller } from '../life/people/traveller';
import { Reading } from '../sensors/reading';
import { LifeBook } from './life-book';

const seconds = (iso: string) => Date.parse(iso) / 1000;
const later = seconds('2026-11-22T18:00:00Z');
const book = new LifeBook('spec', later);
const truth = (date: string, now = later) => book.truth(traveller, date, now);
const vendorDay = (date: string, now = later) => book.vendorDay(traveller, date, now);
const hours = (date: string, now = later) => {
  const { day_start: start, day_end: end } = truth(date, now);
  return (end - start) / 3600;
};
const stampsOf = (readings: Reading[] | null) => (readings ?? []).map(([at]) => at);

describe('the dates of a traveller', () => {
  it.each([
    ['2026-02-15', 24, 'at home'],
    ['2026-02-16', 18.5, 'London to Kolkata: 24 − 5.5'],
    ['2026-02-24', 20.5, 'Kolkata to Tokyo: 24 − 3.5'],
    ['2026-03-03', 43, 'Tokyo to Honolulu: 24 + 19'],
    ['2026-03-07', 22, 'Honolulu to Los Angeles: 24 − 2'],
    ['2026-03-08', 23, 'clocks go forward in Los Angeles'],
    ['2026-03-17', 21, 'Los Angeles to New York: 24 − 3'],
    ['2026-03-20', 20, 'New York to London, whose clocks have not changed yet: 24 − 4'],
    ['2026-03-29', 23, 'clocks go forward in London'],
    ['2026-09-14', 32, 'London to Los Angeles: 24 + 8'],
    ['2026-09-22', 27, 'Los Angeles to Honolulu: 24 + 3'],
    ['2026-09-28', 5, 'Honolulu to Tokyo: 24 − 19'],
    ['2026-09-30', 23.5, 'Tokyo to Adelaide: 24 − 0.5'],
    ['2026-10-04', 23, 'clocks go forward in Adelaide'],
    ['2026-10-12', 26.5, 'Adelaide to Singapore: 24 + 2.5'],
    ['2026-10-14', 31, 'Singapore to London: 24 + 7'],
    ['2026-10-25', 25, 'clocks go back in London'],
    ['2026-10-29', 28, 'London to New York, whose clocks have not changed yet: 24 + 4'],
    ['2026-11-01', 25, 'clocks go back in New York'],
    ['2026-11-09', 19, 'New York to London: 24 − 5'],
    ['2025-03-03', 43, 'the same every year'],
  ])('%s has %d hours: %s', (date, length) => {
    expect(hours(date)).toBe(length);
  });

  it('knows of a landing only after it', () => {
    // Noon in Honolulu is the take-off; Tokyo's 29th has begun at 15:00Z, five hours after Honolulu's 28th.
    expect(hours('2026-09-28', seconds('2026-09-28T22:00:00Z'))).toBe(24);
    expect(hours('2026-09-28', seconds('2026-09-29T06:30:00Z'))).toBe(5);
    expect(truth('2026-09-28', seconds('2026-09-28T22:00:00Z')).samples.hr.length).toBeGreaterThan(130);
  });

  it('does not begin a date that nobody has landed in yet', () => {
    const aloft = seconds('2026-09-29T02:00:00Z');
    expect(truth('2026-09-29', aloft)).toMatchObject({
      active_minutes: null,
      movement: null,
      steps_total: 0,
    });
    expect(vendorDay('2026-09-29', aloft).synced).toBe(false);
    expect(truth('2026-09-29', seconds('2026-09-29T06:30:00Z')).active_minutes).not.toBeNull();
  });

  it('never cuts a past date again', () => {
    for (const date of datesBetween('2026-02-25', '2026-03-01'))
      expect(truth(date, seconds('2026-03-02T20:00:00Z'))).toEqual(truth(date));
  });

  it('files a sleep under the wake-up date of the place where that was', () => {
    // 03:00Z is the 29th in Tokyo already, but 17:00 of the 28th on the aeroplane from Honolulu.
    const aboard = truth('2026-09-28').sleeps.at(-1);
    expect(aboard).toMatchObject({ end: seconds('2026-09-29T03:55:00Z'), nap: true });
    expect(truth('2026-09-29').sleeps).toEqual([]);
    // Both sleeps of the long date ended on it: one in Tokyo, one on the way to Honolulu.
    expect(truth('2026-03-03').sleeps.map(({ nap }) => nap)).toEqual([false, true]);
  });
});

describe('what the vendor makes of it', () => {
  const inHonolulu = seconds('2026-03-05T20:00:00Z');
  const dates = datesBetween('2026-02-20', '2026-03-04');

  it('cuts past dates by the zone of now, there and back', () => {
    expect(vendorDay('2026-03-01', seconds('2026-03-02T12:00:00Z'))).toMatchObject({
      zone_now: 'Asia/Tokyo',
      day_start: seconds('2026-02-28T15:00:00Z'),
    });
    expect(vendorDay('2026-03-01', inHonolulu)).toMatchObject({
      zone_now: 'Pacific/Honolulu',
      day_start: seconds('2026-03-01T10:00:00Z'),
    });
    expect(vendorDay('2026-03-01').day_start).toBe(seconds('2026-03-01T00:00:00Z'));
  });

  it('moves samples between dates and loses none', () => {
    const cut = (date: string) => stampsOf(vendorDay(date, inHonolulu).samples.hr);
    expect(cut('2026-02-27')).not.toEqual(stampsOf(truth('2026-02-27').samples.hr));
    const [from, to] = [seconds('2026-02-21T00:00:00Z'), seconds('2026-03-04T00:00:00Z')];
    const within = (stamps: number[]) => stamps.filter((at) => at >= from && at < to);
    expect(within(dates.flatMap(cut))).toEqual(
      within(dates.flatMap((date) => stampsOf(truth(date).samples.hr))),
    );
  });

  it('moves step totals with the samples and leaves sleeps and scalars alone', () => {
    const { samples, steps_total: total, scalars, sleeps } = vendorDay('2026-02-27', inHonolulu);
    const own = truth('2026-02-27');
    expect(total).toBe(samples.steps?.reduce((sum, [, steps]) => sum + steps, 0));
    expect(total).not.toBe(own.steps_total);
    expect(sleeps).toEqual(own.sleeps);
    expect(scalars).toMatchObject({
      active_minutes: own.active_minutes,
      movement: own.movement,
      recovery: own.recovery,
    });
  });
});
