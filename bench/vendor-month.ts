import { DateTime } from 'luxon';

const ZONE = 'Asia/Kolkata';

export interface VendorDay {
  date: string;
  body: Buffer;
}

/** A small seeded generator (mulberry32): the same month in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Thirty local days at +05:30 as the vendor sends them, newest first: four jittered series of about 330 samples a
 * day with gaps, one sleep with its graphs, and the scalars. Each local day straddles two UTC days.
 */
export function vendorMonth(lastDate: string, random: () => number): VendorDay[] {
  const last = DateTime.fromISO(lastDate, { zone: ZONE });
  return Array.from({ length: 30 }, (_, ago) => vendorDay(last.minus({ days: ago }), random));
}

function vendorDay(midnight: DateTime, random: () => number): VendorDay {
  const start = midnight.toSeconds();
  const series = (type: string, keep: number, value: () => number, extra: object = {}) => ({
    type,
    object: {
      day_start_timestamp: start,
      title: type,
      values: samples(start, keep, value, random),
      ...extra,
    },
  });
  const scalar = (type: string, value: number) => ({
    type,
    object: { value, title: type, day_start_timestamp: start },
  });
  const entries = [
    series('hr', 0.97, () => 48 + Math.floor(random() * 80), { unit: 'BPM' }),
    series('temp', 0.97, () => Math.fround(30 + random() * 6), { unit: '°C' }),
    series('hrv', 0.72, () => 20 + Math.floor(random() * 90), { avg: 55 }),
    series('steps', 0.97, () => Math.floor(random() * 120), { total: 9_000 + Math.floor(random() * 4_000) }),
    sleep(start, random),
    scalar('recovery_index', 60 + Math.floor(random() * 40)),
    scalar('movement_index', 50 + Math.floor(random() * 50)),
    scalar('vo2_max', 44.5),
    scalar('sleep_rhr', 50 + Math.floor(random() * 9)),
    scalar('avg_sleep_hrv', 62),
  ];
  const answer = { data: { metric_data: entries, latest_time_zone: ZONE }, error: null, status: 200 };
  return { date: midnight.toISODate()!, body: Buffer.from(JSON.stringify(answer)) };
}

/** One sample about every four minutes, each kept with probability `keep`, and an hour off the finger. */
function samples(start: number, keep: number, value: () => number, random: () => number): object[] {
  const gapStart = start + 36_000 + Math.floor(random() * 20_000);
  const points = [];
  for (let at = start + 92; at < start + 86_400; at += 225 + Math.floor(random() * 30)) {
    const worn = at < gapStart || at > gapStart + 3_600;
    if (worn && random() < keep) points.push({ value: value(), timestamp: at });
  }
  return points;
}

function sleep(start: number, random: () => number): object {
  const bedtime = start - 3_600 + Math.floor(random() * 30) * 60;
  const kinds = ['awake', 'light_sleep', 'deep_sleep', 'light_sleep', 'rem_sleep'];
  const graph = Array.from({ length: 40 }, (_, i) => ({
    start: bedtime + i * 660,
    end: bedtime + (i + 1) * 660,
    type: kinds[i % kinds.length],
  }));
  const curve = (base: number) =>
    Array.from({ length: 88 }, (_, i) => ({
      timestamp: bedtime + i * 300,
      value: base + Math.round(random() * 40) / 4,
    }));
  const stageTime = (type: string) => graph.filter((it) => it.type === type).length * 660;
  return {
    type: 'Sleep',
    object: {
      bedtime_start: bedtime,
      bedtime_end: bedtime + 40 * 660,
      quick_metrics: [
        { title: 'EFFICIENCY', type: 'sleep_efic', value: 80 },
        { title: 'AVG HEART RATE', type: 'avg_hr', value: 54 },
      ],
      sleep_stages: ['deep_sleep', 'light_sleep', 'rem_sleep', 'awake'].map((type) => ({
        type,
        title: type,
        stage_time: stageTime(type),
      })),
      sleep_graph: { title: 'Sleep Stages', data: graph },
      hr_graph: { title: 'HR', data: curve(48) },
      hrv_graph: { title: 'HRV', data: curve(40) },
      summary: [{ title: 'Total Sleep', state: 'good', score: 79.5 }],
    },
  };
}
