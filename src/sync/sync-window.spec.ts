import { askedDates, type AskedWindow } from './sync-window';

describe('the window of a sync that a person asks for', () => {
  const now = new Date('2026-03-10T20:15:00Z');
  const ends = (window: AskedWindow, timeZone: string | null = null, historyDays: number | null = null) => {
    const dates = askedDates(window, { now, timeZone, historyDays });
    return [dates.at(-1), dates[0]];
  };

  it('is the last 30 days without times', () => {
    expect(ends({})).toEqual(['2026-02-08', '2026-03-10']);
    expect(ends({ since: 0 }, 'Asia/Kolkata')).toEqual(['2026-02-09', '2026-03-11']);
  });

  it.each([
    [{ since: 1_772_539_200 }, '2026-03-03', '2026-03-10'],
    [{ summary_start_time: '2026-03-05' }, '2026-03-05', '2026-03-10'],
    [{ summary_start_time: '2026-03-05', since: 1_772_539_200 }, '2026-03-05', '2026-03-10'],
    [{ summary_end_time: '2026-03-05' }, '2026-02-03', '2026-03-05'],
    [
      { summary_start_time: '1772539200', summary_end_time: '2026-03-04T23:00:00Z' },
      '2026-03-03',
      '2026-03-04',
    ],
    [{ summary_start_time: '2026-03-09', summary_end_time: '2027-01-01' }, '2026-03-09', '2026-03-10'],
  ])('takes %j', (window, from, to) => {
    expect(ends(window)).toEqual([from, to]);
  });

  it("takes an instant for the date that it is at the user's, a bare date for itself", () => {
    expect(ends({ summary_start_time: '2026-03-05T20:00:00Z' }, 'Asia/Kolkata')[0]).toBe('2026-03-06');
    expect(ends({ summary_start_time: '2026-03-05' }, 'Asia/Kolkata')[0]).toBe('2026-03-05');
    expect(ends({ summary_start_time: '2026-03-05' }, 'America/New_York')[0]).toBe('2026-03-05');
  });

  it("begins no earlier than the vendor's history", () => {
    expect(ends({}, null, 12)[0]).toBe('2026-02-26');
  });

  it.each<[AskedWindow, RegExp]>([
    [
      { summary_start_time: '2026-03-05', summary_end_time: '2026-03-04' },
      /ends on 2026-03-04, before it starts/,
    ],
    [{ summary_start_time: '2026-03-12' }, /before it starts/],
    [{ summary_start_time: '2026-03-12', summary_end_time: '2026-03-13' }, /today is 2026-03-10/],
    [{ summary_start_time: '2024-01-01' }, /at most 365 days: let the window start on 2025-03-11 or later/],
    [{ summary_start_time: 'yesterday' }, /Invalid datetime format: 'yesterday'/],
  ])('refuses %j', (window, message) => {
    expect(() => ends(window)).toThrow(message);
  });

  it('refuses a window that lies before the history', () => {
    expect(() => ends({ summary_end_time: '2026-01-03' }, null, 12)).toThrow(/the last 12 days only/);
  });
});
