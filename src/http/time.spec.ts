import { parseRange, parseTime } from './time';

describe('parseTime', () => {
  it.each([
    ['1786233600', '2026-08-09T00:00:00.000Z'],
    ['1786233600.5', '2026-08-09T00:00:00.500Z'],
    ['1.7862336e9', '2026-08-09T00:00:00.000Z'],
    ['-86400', '1969-12-31T00:00:00.000Z'],
    ['2026-08-07', '2026-08-07T00:00:00.000Z'],
    ['2026-08-07T10:20:30', '2026-08-07T10:20:30.000Z'],
    ['2026-08-07 10:20', '2026-08-07T10:20:00.000Z'],
    ['2026-08-07T10:20:30.123456Z', '2026-08-07T10:20:30.123Z'],
    ['2026-08-07T10:20:30+05:30', '2026-08-07T04:50:30.000Z'],
    // An unencoded `+` arrives as a space.
    ['2026-08-07T10:20:30 05:30', '2026-08-07T04:50:30.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parseTime(text, 'start_time').toISOString()).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '10:20',
    '2026-W05',
    '2026-02-30',
    '2026-08-07T25:00',
    '1786233600000000',
    'NaN',
    'Infinity',
    '1e',
    '0x10',
  ])('refuses %j in words that say what to send', (text) => {
    expect(() => parseTime(text, 'start_time')).toThrow(
      `Invalid datetime format: '${text}'. Expected ISO 8601 format or Unix timestamp. (parameter start_time)`,
    );
  });
});

describe('parseRange', () => {
  const names = { start: 'start_time', end: 'end_time' };
  const range = (start: string, end: string, options?: { wholeDays: boolean }) => {
    const parsed = parseRange({ start, end }, names, options);
    return [parsed.start.toISOString(), parsed.end.toISOString()];
  };

  it('is half open', () => {
    expect(range('2026-08-07', '2026-08-08')).toEqual([
      '2026-08-07T00:00:00.000Z',
      '2026-08-08T00:00:00.000Z',
    ]);
  });

  it('takes an end at midnight as the end of that day where asked to', () => {
    expect(range('2026-08-07', '2026-08-07', { wholeDays: true })[1]).toBe('2026-08-08T00:00:00.000Z');
    expect(range('2026-08-07', '2026-08-07T12:00', { wholeDays: true })[1]).toBe('2026-08-07T12:00:00.000Z');
  });

  it.each([
    ['2026-08-07', '2026-08-07'],
    ['2026-08-07', '2026-08-06'],
  ])('refuses %s to %s', (start, end) => {
    expect(() => range(start, end)).toThrow(`end_time '${end}' must be later than start_time '${start}'.`);
  });
});
