import { isRecord } from '../http/exchange';
import { json } from '../http/reply';
import { sampleVendorDay } from '../testing/sample-vendor-day';
import { dayEntries, wrapEntries } from '../vendor/day-answer';
import { Entry, Point } from '../vendor/entry';
import { ShapeName, SHAPE_NAMES } from './shapes';
import { ShapeRequest, spoilShape } from './spoil-shape';

type Fields = Record<string, unknown>;

interface Body {
  data: { metric_data: Entry[]; metrics: Record<string, Entry[]> };
}

const clean = dayEntries(sampleVendorDay({ generation: 'nested' }), ['ring_data', 'cgm_data']);
const start = sampleVendorDay().day_start;

function spoilt(request: ShapeRequest, turn = 0, entries = clean): Body {
  const reply = json(200, wrapEntries(entries, 'e1', '2026-05-04', 'Australia/Adelaide'));
  return JSON.parse(spoilShape(request, turn, reply).body.toString());
}

const entriesOf = (shape: ShapeName, turn = 0, entries = clean) =>
  spoilt({ shape }, turn, entries).data.metric_data;
const objects = (entries: Entry[], type: string) =>
  entries.filter((entry) => entry?.type === type).map(({ object }) => object);
const valuesOf = (entries: Entry[], type: string) =>
  objects(entries, type).flatMap((object) => (object.values ?? []) as Point[]);
const cleanHr = valuesOf(clean, 'hr');
const hrAfter = (shape: ShapeName) => valuesOf(entriesOf(shape), 'hr');
const scalar = (entries: Entry[], type: string) => objects(entries, type).map(({ value }) => value);

describe('shapes of readings', () => {
  it.each([
    ['nulls', [61, null, 63, 64, null, 66]],
    ['negative', [61, -63, 63, 64, -66, 66]],
    ['out_of_range', [61, 162_000, 63, 64, 165_000, 66]],
    ['nan_like', [61, 'Infinity', 63, 64, 'Infinity', 66]],
    ['string_numbers', ['61', '62', '63', '64', '65', '66']],
    ['day_rewritten', [62, 63, 64, 65, 66, 67]],
  ] as [ShapeName, unknown[]][])('%s', (shape, expected) => {
    const points = hrAfter(shape);
    expect(points.map(({ value }) => value)).toEqual(expected);
    expect(points.map(({ timestamp }) => timestamp)).toEqual(cleanHr.map(({ timestamp }) => timestamp));
  });

  it('duplicate_points repeats some and loses none', () => {
    const points = hrAfter('duplicate_points');
    expect(points).toHaveLength(9);
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(cleanHr.length);
  });

  it('unordered has the same points in no order', () => {
    const times = hrAfter('unordered').map(({ timestamp }) => timestamp);
    expect(times).not.toEqual(times.toSorted((one, other) => one - other));
    expect(times.toSorted((one, other) => one - other)).toEqual(cleanHr.map(({ timestamp }) => timestamp));
  });

  it('shifted moves the stamps, an hour unless told otherwise', () => {
    expect(hrAfter('shifted')[0].timestamp - cleanHr[0].timestamp).toBe(3600);
    const moved = spoilt({ shape: 'shifted', offset_ms: -1500 }).data.metric_data;
    expect(valuesOf(moved, 'hr')[0].timestamp - cleanHr[0].timestamp).toBe(-1.5);
  });

  it('milliseconds, everywhere', () => {
    const entries = entriesOf('milliseconds');
    expect(valuesOf(entries, 'hr')[0].timestamp).toBe(cleanHr[0].timestamp * 1000);
    expect(objects(entries, 'Sleep')[0]).toMatchObject({
      bedtime_start: (start + 600) * 1000,
      sleep_graph: { data: [{ start: (start + 600) * 1000 }, {}, {}, {}, {}] },
      sleep_cycles: { cycles: [{ startTime: (start + 900) * 1000 }, {}, {}] },
    });
    expect(objects(entries, 'vo2_max')[0].day_start_timestamp).toBe(start * 1000);
  });

  it('rolled_back is the day cut short, its total too', () => {
    const entries = entriesOf('rolled_back');
    expect(valuesOf(entries, 'hr')).toEqual(cleanHr.slice(0, 4));
    expect(objects(entries, 'steps')[0]).toMatchObject({ total: 113 });
  });
});

describe('shapes of figures', () => {
  it('nulls and their like hit every other one', () => {
    for (const shape of ['nulls', 'negative', 'out_of_range', 'nan_like'] as const) {
      const figures = (entries: Entry[]) =>
        entries.flatMap(({ object }) => ('value' in object ? [object.value] : []));
      const [before, after] = [figures(clean), figures(entriesOf(shape))];
      const same = after.filter((value, index) => value === before[index]).length;
      expect(same).toBe(Math.floor(before.length / 2));
    }
  });

  it('scores_0_10 divides scores, and nothing else', () => {
    const entries = entriesOf('scores_0_10');
    expect(scalar(entries, 'recovery_index')[0]).toBeCloseTo(7.9);
    expect(scalar(entries, 'vo2_max')).toEqual([42]);
    const [night] = objects(entries, 'Sleep');
    expect(night).toMatchObject({ sleep_score: { score: 8.6 }, total_sleep: { minutes: 400 } });
    expect((night.quick_metrics as Fields[])[0]).toMatchObject({ type: 'sleep_index', value: 8.6 });
    expect((night.summary as Fields[])[1].score).toBeCloseTo(6.05);
  });

  it('seconds_vs_minutes swaps the two', () => {
    const entries = entriesOf('seconds_vs_minutes');
    expect(scalar(entries, 'active_minutes')).toEqual([35 * 60]);
    expect(scalar(entries, 'movement_index')).toEqual([68]);
    const [night] = objects(entries, 'Sleep');
    expect(night).toMatchObject({ deep_sleep: { minutes: 4500 }, morning_alertness: { minutes: 7380 } });
    expect((night.quick_metrics as Fields[])[1].value).toBe(400);
    expect((night.sleep_stages as Fields[])[0].stage_time).toBe(75);
    const documented = dayEntries(sampleVendorDay({ generation: 'top_level' }), ['ring_data']);
    expect(scalar(entriesOf('seconds_vs_minutes', 0, documented), 'total_sleep')).toEqual([400]);
  });

  it('string_numbers reach into the sleep', () => {
    const [night] = objects(entriesOf('string_numbers'), 'Sleep');
    expect((night.sleep_stages as Fields[])[0].stage_time).toBe('4500');
    expect((night.quick_metrics as Fields[])[2].value).toBe('25980');
  });
});

describe('shapes of the list', () => {
  it('duplicate_types: two halves make the day', () => {
    const entries = entriesOf('duplicate_types');
    expect(objects(entries, 'hr')).toHaveLength(2);
    expect(valuesOf(entries, 'hr').toSorted((a, b) => a.timestamp - b.timestamp)).toEqual(cleanHr);
    expect(scalar(entries, 'recovery_index')).toEqual([79, null]);
  });

  it('null_entries leaves holes between all there was', () => {
    const entries: unknown[] = entriesOf('null_entries');
    expect(entries.filter((entry) => entry === null)).toHaveLength(clean.length);
    expect(entries.at(-1)).toEqual({ type: 'vo2_max', object: null });
    expect(entries.filter((entry) => isRecord(entry) && entry.object !== null)).toEqual(clean);
  });

  it('new_type, new_field and new_enum_value add what nobody knows', () => {
    expect(entriesOf('new_type')[0]).toMatchObject({ type: 'stress_rhythm_score', object: { value: 41 } });
    expect(entriesOf('new_type').slice(1)).toEqual(clean);
    expect(entriesOf('new_field').every(({ object }) => object.sensor_confidence === 0.87)).toBe(true);
    const text = JSON.stringify(entriesOf('new_enum_value'));
    for (const word of ['sideways', 'lucid_sleep', 'superb', 'interrupted']) expect(text).toContain(word);
    expect(text).not.toContain('"rem_sleep","percentage"');
  });

  it('missing_field leaves one out, the important ones in turn', () => {
    const without = (turn: number) => JSON.stringify(entriesOf('missing_field', turn));
    expect(without(0)).not.toContain('day_start_timestamp');
    expect(without(1)).toContain('day_start_timestamp');
    expect(without(1)).not.toContain('"timestamp"');
    expect(without(8)).toBe(without(0));
    const named = JSON.stringify(spoilt({ shape: 'missing_field', field: 'bedtime_start' }));
    expect(named).not.toContain('bedtime_start');
    expect(named).toContain('bedtime_end');
  });

  it('case_flip writes every type the other way', () => {
    const types = entriesOf('case_flip').map(({ type }) => type);
    expect(types).toContain('sLEEP');
    expect(types).toContain('RECOVERY_INDEX');
    expect(types.map((type) => type.toLowerCase())).toEqual(clean.map(({ type }) => type.toLowerCase()));
  });

  it('empty_graphs has all three kinds of nothing, and moves on', () => {
    const graphs = (turn: number) => {
      const [night] = objects(entriesOf('empty_graphs', turn), 'Sleep');
      return Object.entries(night).flatMap(([key, value]) => (key.endsWith('_graph') ? [value] : []));
    };
    expect(graphs(0)).toEqual([{}, [], null, {}, [], null]);
    expect(graphs(1)[0]).toEqual([]);
  });

  it('legacy_2022 wraps the night, speaks out of ten and draws motion', () => {
    const entries = entriesOf('legacy_2022');
    const [night] = objects(entries, 'Sleep');
    expect(night).toMatchObject({ score: 8.6, is_processing_new_data: false });
    expect(night.details).toMatchObject({
      bedtime_start: start + 600,
      sleep_graph: { title: 'Sleep Stages' },
    });
    expect(night).not.toHaveProperty('total_sleep');
    const [motion] = objects(entries, 'motion');
    expect(motion).toMatchObject({ day_start_timestamp: start, hr_graph: { title: 'HR' } });
    expect(motion.values).toHaveLength(3);
    expect(objects(entries, 'steps')[0]).not.toHaveProperty('total');
    expect(objects(entries, 'recovery')[0]).toMatchObject({ score: 7.9 });
    expect(objects(entries, 'recovery_index')).toEqual([]);
  });
});

describe('shapes of the envelope', () => {
  it.each([
    [
      'day_removed',
      { data: { metric_data: [], latest_time_zone: 'Australia/Adelaide' }, error: null, status: 200 },
    ],
    ['data_list', { data: [], error: null, status: 200 }],
    ['error_in_200', { data: null, error: 'Internal Server Error', status: 500 }],
  ] as [ShapeName, unknown][])('%s', (shape, expected) => {
    expect(spoilt({ shape })).toEqual(expected);
  });

  it('other_date_key files the day under the one before', () => {
    expect(spoilt({ shape: 'other_date_key' })).toMatchObject({ data: { metrics: { '2026-05-03': clean } } });
    const reply = json(200, wrapEntries(clean, 'e2', '2026-05-04', null));
    const body = spoilShape({ shape: 'other_date_key' }, 0, reply).body.toString();
    expect(JSON.parse(body)).toMatchObject({ data: { metrics: { '2026-05-03': clean } } });
  });

  it('huge is 20 MB of the same day', () => {
    const reply = json(200, wrapEntries(clean, 'e1', '2026-05-04', null));
    const body = spoilShape({ shape: 'huge' }, 0, reply).body.toString();
    expect(body.length).toBeGreaterThan(20 * 1024 * 1024);
    expect(valuesOf((JSON.parse(body) as Body).data.metric_data, 'hr')).toEqual(cleanHr);
  });

  it('wrong_content_type lies in the header only', () => {
    const reply = json(200, wrapEntries(clean, 'e1', '2026-05-04', null));
    const changed = spoilShape({ shape: 'wrong_content_type' }, 0, reply);
    expect(changed.headers['content-type']).toMatch(/^text\/plain/);
    expect(changed.body).toBe(reply.body);
  });

  it('keeps the envelope of E2, and leaves refusals alone', () => {
    const two = json(200, wrapEntries(clean, 'e2', '2026-05-04', null));
    expect(JSON.parse(spoilShape({ shape: 'day_removed' }, 0, two).body.toString())).toEqual({
      data: { metrics: { '2026-05-04': [] } },
      error: null,
      status: 'ok',
    });
    const refusal = json(404, { status: 404, error: 'Not Found' });
    for (const shape of SHAPE_NAMES as ShapeName[])
      expect(spoilShape({ shape }, 0, refusal)).toEqual(refusal);
  });
});

it.each(SHAPE_NAMES as ShapeName[])('%s changes the answer', (shape) => {
  const reply = json(200, wrapEntries(clean, 'e1', '2026-05-04', 'Australia/Adelaide'));
  expect(spoilShape({ shape }, 0, reply)).not.toEqual(reply);
});
