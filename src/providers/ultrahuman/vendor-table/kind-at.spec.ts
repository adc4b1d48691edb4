import { SERIES_TYPES } from '../../../health-data/canonical';
import { kindAt } from './kind-at';
import { VENDOR_TABLE } from './vendor-table';

describe(kindAt.name, () => {
  it.each([
    ['hr', 'heart_rate'],
    ['hr.last_reading', 'heart_rate'],
    ['steps', 'steps'],
    ['steps.total', 'daily:steps'],
    ['vo2_max', 'daily:vo2_max'],
    ['recovery_index.value', 'score:recovery'],
    ['sleep', 'sleep'],
    ['sleep.sleep_graph.data.toss_turn', 'sleep'],
    ['brain_waves.values', undefined],
  ])('finds at %s: %s', (path, kind) => {
    expect(kindAt(path)).toBe(kind);
  });

  it('gives every type of the vendor that holds data a kind that is stored', () => {
    const types = VENDOR_TABLE.map(({ path }) => path.split('.')[0]).filter((type) => /^[a-z]/.test(type));
    const isKind = /^(daily:\w+|score:(sleep|recovery|activity|metabolic)|sleep)$/;
    const strange = types.filter((type) => {
      const kind = kindAt(type) ?? '';
      return !isKind.test(kind) && !Object.hasOwn(SERIES_TYPES, kind);
    });
    expect(strange).toEqual([]);
  });
});
