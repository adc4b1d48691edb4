import type {
  DateRange,
  LocalDate,
  NormalizedDay,
  SeriesCode,
  SeriesSamples,
} from '../../src/health-data/canonical';
import {
  WearableProviderPlugin,
  type AccountAccess,
  type ProviderAccount,
  type ProviderDefinition,
  type RawAnswer,
  type WearableProvider,
} from '../../src/providers/provider';
import { ProviderPayloadInvalid } from '../../src/providers/provider-errors';
import { scriptedDefinition } from './scripted-provider';

/** What the vendor says about one day: an answer, an error to throw, or something to wait for. */
export type Script = (date: LocalDate, account: AccountAccess) => RawAnswer | Promise<RawAnswer>;

type ByMinute = Record<string, number>;

/** The invented vendor's format: values by minute of the local day, and figures of the whole day. */
interface Payload {
  zone: string;
  startsAt: number;
  hr: ByMinute;
  temp?: ByMinute;
  steps?: ByMinute;
  glucose?: ByMinute;
  restingHr?: number;
  /** In minutes of the local day; before midnight they are negative. */
  sleeps?: { from: number; to: number; efficiency: number; asleep?: number; hrv?: number }[];
  recovery?: number;
}

const EAST_MS = 5.5 * 3_600_000;
export const ZONE = 'Asia/Kolkata';

const withData: Script = (date) => answerOf(date, dataOf(date));

const definition = (): ProviderDefinition => ({
  ...scriptedDefinition('http://vendor.invalid', { limits: { concurrentPerUser: 4, historyDays: null } }),
  devices: [
    { model: 'scripted_1', type: 'band', name: 'Scripted One' },
    {
      model: 'sensor_1',
      type: 'other',
      name: 'Scripted Sensor',
      measures: { codes: ['blood_glucose'], scores: ['metabolic'] },
    },
  ],
  offers: { series: ['heart_rate'], daily: [], sleepFields: [], scores: ['recovery'], workouts: false },
});

/** A provider without network: each day is answered by a script, or by `dataOf` it. */
@WearableProviderPlugin()
export class DayProvider implements WearableProvider {
  definition = definition();
  readonly asked: LocalDate[] = [];
  readonly tokens: string[] = [];
  normalized = 0;
  underWay = 0;
  mostUnderWay = 0;
  /** A normalizer with a mistake: it files temperatures under heart rate, and wakes sleepers an hour late. */
  mistaken = false;
  private script: Script = withData;

  /** From now on. */
  says(script: Script): void {
    this.script = script;
  }

  reset(): void {
    this.definition = definition();
    this.script = withData;
    this.mistaken = false;
    this.forget();
  }

  /** The requests, not the script. */
  forget(): void {
    this.asked.length = 0;
    this.tokens.length = 0;
    this.normalized = 0;
    this.mostUnderWay = 0;
  }

  async fetch(account: AccountAccess, { from }: DateRange): Promise<RawAnswer[]> {
    this.asked.push(from);
    this.tokens.push(account.accessToken);
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      return [await this.script(from, account)];
    } finally {
      this.underWay--;
    }
  }

  normalize({ date, status, body }: RawAnswer): NormalizedDay {
    this.normalized++;
    const day: NormalizedDay = {
      date,
      outcome: 'empty',
      startsAt: null,
      timeZone: null,
      series: [],
      daily: [],
      sleeps: [],
      scores: [],
      unmapped: [],
      rejected: [],
    };
    if (status === 404) return day;
    const text = body.toString();
    if (text === 'bug') throw new Error('a mistake in the normalizer');
    if (!text.startsWith('{')) throw new ProviderPayloadInvalid('not JSON', 'not_json');
    if (text === '{}') return day;
    return { ...day, ...readPayload(JSON.parse(text), date, this.mistaken) };
  }

  fetchAccount(): Promise<ProviderAccount> {
    return Promise.reject(new Error('not scripted'));
  }
}

function readPayload(payload: Payload, date: LocalDate, mistaken: boolean): Partial<NormalizedDay> {
  const {
    zone,
    startsAt,
    hr,
    temp = {},
    steps = {},
    glucose = {},
    restingHr,
    sleeps = [],
    recovery,
  } = payload;
  const series = mistaken
    ? [seriesOf('heart_rate', startsAt, { ...hr, ...temp })]
    : [seriesOf('heart_rate', startsAt, hr), seriesOf('skin_temperature', startsAt, temp)];
  const rested =
    restingHr === undefined ? [] : [{ code: 'resting_heart_rate' as const, date, value: restingHr }];
  const scored = { category: 'recovery' as const, date, qualifier: null, components: null };
  return {
    outcome: 'data',
    startsAt,
    timeZone: zone,
    series: [
      ...series,
      seriesOf('steps', startsAt, steps),
      seriesOf('blood_glucose', startsAt, glucose),
    ].filter(({ instants }) => instants.length > 0),
    daily: rested,
    sleeps: sleeps.map(({ from, to, efficiency, asleep, hrv }) => ({
      date,
      start: startsAt + from * 60_000,
      end: startsAt + (mistaken ? to + 60 : to) * 60_000,
      asleepSeconds: asleep === undefined ? null : asleep * 60,
      stageSeconds: null,
      stages: [],
      efficiencyPercent: efficiency,
      averageHeartRate: null,
      averageHrvRmssd: hrv ?? null,
      averageSpo2: null,
      graphs: {},
    })),
    scores: recovery === undefined ? [] : [{ ...scored, value: recovery }],
  };
}

/** Values below 20 are implausible, whatever is measured but steps. */
function seriesOf(code: SeriesCode, startsAt: number, byMinute: ByMinute): SeriesSamples {
  const plausible = Object.entries(byMinute)
    .map(([minute, value]) => ({ at: startsAt + Number(minute) * 60_000, value }))
    .filter(({ value }) => code === 'steps' || value >= 20)
    .toSorted((one, other) => one.at - other.at);
  return { code, instants: plausible.map(({ at }) => at), values: plausible.map(({ value }) => value) };
}

/** Three heart rates and a score that no other date has. */
export function dataOf(date: LocalDate, more: Partial<Payload> = {}): Payload {
  const startsAt = Date.parse(date) - EAST_MS;
  const number = (startsAt / 86_400_000) % 50;
  return {
    zone: ZONE,
    startsAt,
    hr: { 7: 50.25 + number, 133: 51.5 + number, 1_370: 52.75 + number },
    recovery: Math.floor(20 + number),
    ...more,
  };
}

export const answerOf = (date: LocalDate, payload: object | string): RawAnswer => ({
  date,
  status: 200,
  body: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
});

export const notFound = (date: LocalDate): RawAnswer => ({ date, status: 404, body: Buffer.alloc(0) });
