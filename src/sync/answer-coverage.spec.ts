import { makeDay } from '../../test/support/health-data';
import { covers, coversDay } from './answer-coverage';

const KEYS = ['type', 'timestamp'];
const answer = (...entries: object[]) => ({ data: { metric_data: entries }, error: null });
const hr = (...values: [timestamp: number, value: number | null][]) => ({
  type: 'hr',
  object: { day_start: 100, values: values.map(([timestamp, value]) => ({ timestamp, value })) },
});

describe(covers.name, () => {
  const older = answer(hr([101, 61], [102, 62]), { type: 'vo2', object: { value: 44.5 } });

  it.each([
    ['the same', older],
    ['other values', answer(hr([101, 71], [102, 72]), { type: 'vo2', object: { value: 45.5 } })],
    ['another order', answer({ type: 'vo2', object: { value: 44.5 } }, hr([102, 62], [101, 61]))],
    [
      'more',
      answer({ type: 'new', object: 1 }, hr([99, 60], [101, 61], [102, 62]), {
        type: 'vo2',
        object: { value: 4 },
      }),
    ],
    ['a number as text', answer(hr([101, 61], [102, 62]), { type: 'vo2', object: { value: '44.5' } })],
  ])('is met by %s', (_, newer) => {
    expect(covers(newer, older, KEYS)).toBe(true);
  });

  it.each([
    ['a point less', answer(hr([101, 61]), { type: 'vo2', object: { value: 44.5 } })],
    [
      'a point that became null',
      answer(hr([101, 61], [102, null]), { type: 'vo2', object: { value: 44.5 } }),
    ],
    ['another instant', answer(hr([101, 61], [103, 62]), { type: 'vo2', object: { value: 44.5 } })],
    ['a type less', answer(hr([101, 61], [102, 62]))],
    ['a scalar less', answer(hr([101, 61], [102, 62]), { type: 'vo2', object: {} })],
    [
      'an object for a scalar',
      answer(hr([101, 61], [102, 62]), { type: 'vo2', object: { value: { is: 44.5 } } }),
    ],
    ['nothing', {}],
    ['null', null],
    ['a list', [older]],
  ])('is not met by %s', (_, newer) => {
    expect(covers(newer, older, KEYS)).toBe(false);
  });

  it('wants a type that nobody knows again, even one without a figure', () => {
    const mystery = answer({ type: 'aura', object: { colour: 'violet' } });
    expect(covers(answer(), mystery, KEYS)).toBe(false);
    expect(covers(answer({ type: 'aura', object: null }), mystery, KEYS)).toBe(true);
  });

  it('does not miss words, and misses numbers and times in text', () => {
    expect(covers({}, { title: 'Good night', colour: '#00B984', trend: '+7' }, KEYS)).toBe(true);
    expect(covers({}, { value: '61.5' }, KEYS)).toBe(false);
    expect(covers({}, { woke: '2026-03-01T05:06:07Z' }, KEYS)).toBe(false);
    expect(covers({}, { worn: false }, KEYS)).toBe(false);
  });

  it('misses nothing that was not there: null, {} and []', () => {
    expect(covers({}, { a: null, b: {}, c: [], d: [{}], e: [null] }, KEYS)).toBe(true);
  });

  it('tells items without an identity by their place, and equal ones by their number', () => {
    expect(covers([1, 2], [5, 6], KEYS)).toBe(true);
    expect(covers([1], [5, 6], KEYS)).toBe(false);
    const stages = (count: number) => Array.from({ length: count }, (_, start) => ({ type: 'deep', start }));
    expect(covers(stages(3), stages(2), KEYS)).toBe(true);
    expect(covers(stages(2), stages(3), KEYS)).toBe(false);
  });

  it('wants the value of an identity key to be the same wherever it stands', () => {
    expect(covers({ day_start: 100 }, { day_start: 100 }, ['day_start'])).toBe(true);
    expect(covers({ day_start: 103 }, { day_start: 100 }, ['day_start'])).toBe(false);
    expect(covers({ day_start: 103 }, { day_start: 100 }, KEYS)).toBe(true);
  });
});

describe(coversDay.name, () => {
  const word = (path: string, count: number) => ({
    kind: 'field' as const,
    path,
    count,
    sample: { jsonType: 'string' as const, length: 6, literal: 'violet' },
  });

  it('wants again what nobody understands, though it is a word', () => {
    const older = makeDay({ date: '2026-03-01', unmapped: [word('hr.aura', 2)] });
    const newer = (...unmapped: ReturnType<typeof word>[]) => makeDay({ date: '2026-03-01', unmapped });
    expect(coversDay(newer(word('hr.aura', 2)), older)).toBe(true);
    expect(coversDay(newer(word('hr.aura', 1)), older)).toBe(false);
    expect(coversDay(newer(word('hr.glow', 2)), older)).toBe(false);
  });
});
