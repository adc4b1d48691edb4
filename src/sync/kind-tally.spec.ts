import { makeDay, makeSeries } from '../../test/support/health-data';
import { withKinds, type KindTallies } from './kind-tally';

const sample = { jsonType: 'number', length: null, literal: null } as const;

describe(withKinds.name, () => {
  const day = makeDay({
    date: '2026-03-02',
    series: [makeSeries('steps', { '2026-03-02T05:00:00Z': 3, '2026-03-02T05:05:00Z': 112 })],
    daily: [{ code: 'steps', date: '2026-03-02', value: 8_452 }],
    rejected: [
      { path: 'stepz.values', of: 'steps', reason: 'out_of_range', count: 4, sample },
      { path: 'brain_waves.77.values', reason: 'malformed', count: 5, sample },
    ],
    unmapped: [{ kind: 'type', path: '36.6', count: 6, sample }],
  });

  it('adds up what was held and what became of it, and leaves out what is zero', () => {
    const before: KindTallies = { steps: { fetched: 1, unchanged: 1 }, sleep: { fetched: 1 } };
    const written = new Map([['steps', { inserted: 1, updated: 0, unchanged: 1 }] as const]);
    expect(withKinds(before, day, written)).toEqual({
      steps: { fetched: 3, inserted: 1, unchanged: 2, rejected: 4 },
      'daily:steps': { fetched: 1 },
      sleep: { fetched: 1 },
      brain_waves: { rejected: 5 },
      // A key that is a number may be somebody's.
      '#': { unmapped: 6 },
    });
    expect(before).toEqual({ steps: { fetched: 1, unchanged: 1 }, sleep: { fetched: 1 } });
  });

  it('counts a name too many under `other`', () => {
    const names = Array.from({ length: 999 }, (_, index) => [`name_${index}`, { unmapped: 1 }]);
    const full: KindTallies = Object.fromEntries(names);
    const found = {
      rejected: [],
      unmapped: ['a', 'b', 'c', 'name_7'].map((path) => ({ kind: 'type' as const, path, count: 1, sample })),
    };
    const { name_7, a, other, ...rest } = withKinds(full, found);
    expect([name_7, a, other]).toEqual([{ unmapped: 2 }, { unmapped: 1 }, { unmapped: 2 }]);
    expect(Object.keys(rest)).toHaveLength(998);
  });
});
