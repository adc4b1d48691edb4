import { dayNumber } from '../life/local-day';
import { Reading } from './reading';
import type { RingReadings } from './ring';

/** What this ring says instead, and at which share of the day's readings. */
const nonsense: { kind: keyof RingReadings; share: number; value: number }[] = [
  { kind: 'hr', share: 0.21, value: 0 },
  { kind: 'hr', share: 0.64, value: 300 },
  { kind: 'hrv', share: 0.55, value: 900 },
  { kind: 'temp', share: 0.33, value: -3 },
  { kind: 'temp', share: 0.71, value: 60 },
  { kind: 'steps', share: 0.46, value: 90_000 },
  { kind: 'spo2', share: 0.3, value: 0 },
  { kind: 'spo2', share: 0.6, value: 2 },
];

/** Every day a few readings no body can have; every other day its saturations are all between zero and two. */
export function misread(date: string, readings: RingReadings): RingReadings {
  const spoilt = { ...readings };
  for (const { kind, share, value } of nonsense) {
    const hit = Math.floor(spoilt[kind].length * share);
    spoilt[kind] = spoilt[kind].map((reading, index): Reading =>
      index === hit ? [reading[0], value] : reading,
    );
  }
  const blind = dayNumber(date) % 2 === 0;
  const spo2 = blind ? spoilt.spo2.map(([at], index): Reading => [at, index % 3]) : spoilt.spo2;
  return { ...spoilt, spo2 };
}
