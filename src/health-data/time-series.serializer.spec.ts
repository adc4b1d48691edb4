import fc from 'fast-check';
import { SERIES_TYPES, type SeriesCode } from './canonical';
import type { SourceRead } from './source.dto';
import type { Lane } from './time-series.items';
import { serializeTimeSeries, type TimeSeriesReply } from './time-series.serializer';
import { wireTime } from './wire-time';

const SOURCES = new Map<string, SourceRead>([
  [
    'a',
    {
      provider: 'ring-maker',
      source: null,
      device: 'model_1',
      device_type: 'ring',
      device_name: 'Ring "One" µ',
    },
  ],
  ['b', { provider: 'band-maker', source: null, device: null, device_type: null, device_name: null }],
]);
const metadata = { resolution: null, sample_count: 3, start_time: '2026-01-01T00:00:00Z', end_time: null };
const pagination = { next_cursor: 'abc', previous_cursor: null, has_more: true, total_count: 17 };

const numbers = fc.array(
  fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat({ max: 250 }), fc.constant(NaN)),
  {
    minLength: 9,
    maxLength: 9,
  },
);

const lane = fc.record<Omit<Lane, 'values'> & { values: number[] }>({
  key: fc.constant(''),
  code: fc.constantFrom(...(Object.keys(SERIES_TYPES) as SeriesCode[])),
  sourceId: fc.constantFrom('a', 'b'),
  isDailyTotal: fc.constantFrom(true, false, null),
  at: fc.array(
    fc.oneof(
      fc.integer({ min: Date.parse('0001-01-01'), max: Date.parse('9999-12-31') }),
      fc.integer({ min: 1_767_000_000, max: 1_767_400_000 }).map((seconds) => seconds * 1_000),
    ),
    { minLength: 9, maxLength: 9 },
  ),
  values: fc.array(
    fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat({ max: 250 })),
    { minLength: 9, maxLength: 9 },
  ),
  seenAt: fc.constant(null),
  offsets: fc.constant(null),
  target: fc.constantFrom(null, { low: 70, high: 140.5 }),
  aggregates: fc.option(fc.record({ min: numbers, max: numbers, count: numbers })),
});

const page = fc.array(lane, { minLength: 1, maxLength: 4 }).chain((lanes) =>
  fc
    .array(
      fc.tuple(
        fc.nat({ max: lanes.length - 1 }),
        fc.nat({ max: 8 }),
        fc.constantFrom('+05:30', '-11:00', null),
      ),
      { maxLength: 30 },
    )
    .map((items): TimeSeriesReply => ({
      items: { lanes, lane: items.map(([number]) => number), index: items.map(([, index]) => index) },
      offsets: items.map(([, , offset]) => offset),
      sources: SOURCES,
      pagination,
      metadata,
    })),
);

/** The items as objects, in the order of the contract's fields. */
const objects = ({ items: { lanes, lane, index }, offsets }: TimeSeriesReply) =>
  lane.map((number, item) => {
    const { at, values, code, sourceId, isDailyTotal, target, aggregates } = lanes[number];
    const unit = code === 'glucose_time_in_target' ? 'mg_dl' : SERIES_TYPES[code].unit;
    return {
      timestamp: wireTime(at[index[item]]),
      zone_offset: offsets[item],
      type: code,
      value: values[index[item]],
      // NaN becomes null.
      ...(aggregates === null
        ? {}
        : {
            min: aggregates.min[index[item]],
            max: aggregates.max[index[item]],
            count: aggregates.count[index[item]],
          }),
      unit: SERIES_TYPES[code].unit,
      source: SOURCES.get(sourceId)!,
      is_daily_total: isDailyTotal,
      ...(target === null ? {} : { target_range: { ...target, unit } }),
    };
  });

describe(serializeTimeSeries.name, () => {
  it('writes what JSON.stringify would write', () => {
    fc.assert(
      fc.property(page, (it) => {
        expect(serializeTimeSeries(it).toString()).toBe(
          JSON.stringify({ data: objects(it), pagination, metadata }),
        );
      }),
    );
  });
});
