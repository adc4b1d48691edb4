import { makeDay, makeSeries, makeSleep } from '../../test/support/health-data';
import type { ProviderDefinition } from '../providers/provider';
import { isEmptyPart, partsByDevice } from './device-parts';

const ring = { model: 'ring', type: 'ring', name: 'Ring' } as const;
const sensor = {
  model: 'sensor',
  type: 'other',
  name: 'Sensor',
  measures: { codes: ['blood_glucose', 'average_glucose'], scores: ['metabolic'] },
} as const;
const BOTH: ProviderDefinition['devices'] = [ring, sensor];

const date = '2026-03-04';
const pulse = makeSeries('heart_rate', { '2026-03-04T05:06:00Z': 61 });
const glucose = makeSeries('blood_glucose', { '2026-03-04T05:07:00Z': 92 });
const sleep = makeSleep({ date, from: '2026-03-03T19:00:00Z', to: '2026-03-04T01:30:00Z' });
const score = (category: 'sleep' | 'metabolic', value: number) => ({
  category,
  date,
  value,
  qualifier: null,
  components: null,
});

describe(partsByDevice.name, () => {
  const day = makeDay({
    date,
    series: [pulse, glucose],
    daily: [
      { code: 'average_glucose', date, value: 97 },
      { code: 'resting_heart_rate', date, value: 53 },
    ],
    sleeps: [sleep],
    scores: [score('metabolic', 71), score('sleep', 83)],
  });

  it('gives each device what it measures, and the first one the rest', () => {
    const [first, second] = partsByDevice(day, BOTH);
    expect([first.device, second.device]).toEqual([ring, sensor]);
    expect(first.day).toEqual({
      ...day,
      series: [pulse],
      daily: [{ code: 'resting_heart_rate', date, value: 53 }],
      scores: [score('sleep', 83)],
    });
    expect(second.day).toEqual({
      ...day,
      series: [glucose],
      daily: [{ code: 'average_glucose', date, value: 97 }],
      sleeps: [],
      scores: [score('metabolic', 71)],
    });
  });

  it('gives an only device the day itself', () => {
    expect(partsByDevice(day, [ring])[0].day).toBe(day);
  });

  it('knows a part in which nothing was measured', () => {
    const worn = makeDay({ date, series: [pulse, { ...glucose, instants: [], values: [] }] });
    expect(partsByDevice(worn, BOTH).map(isEmptyPart)).toEqual([false, true]);
    expect(partsByDevice(makeDay({ date, sleeps: [sleep] }), BOTH).map(isEmptyPart)).toEqual([false, true]);
    expect(partsByDevice(makeDay({ date, scores: [score('metabolic', 5)] }), BOTH).map(isEmptyPart)).toEqual([
      true,
      false,
    ]);
  });
});
