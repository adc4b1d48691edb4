import type { DateRange, LocalDate, NormalizedDay } from '../../src/health-data/canonical';
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

/** The invented vendor's format: a heart rate by minute of the local day, and a recovery score. */
interface Payload {
  zone: string;
  startsAt: number;
  hr: Record<string, number>;
  recovery?: number;
}

const EAST_MS = 5.5 * 3_600_000;
export const ZONE = 'Asia/Kolkata';

const withData: Script = (date) => answerOf(date, dataOf(date));

const definition = (): ProviderDefinition => ({
  ...scriptedDefinition('http://vendor.invalid'),
  limits: { maxDaysPerFetch: 1, concurrentPerUser: 4, historyDays: null },
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
  private script: Script = withData;

  /** From now on. */
  says(script: Script): void {
    this.script = script;
  }

  reset(): void {
    this.definition = definition();
    this.script = withData;
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
    const { zone, startsAt, hr, recovery }: Payload = JSON.parse(text);
    const minutes = Object.keys(hr).map(Number);
    return {
      ...day,
      outcome: 'data',
      startsAt,
      timeZone: zone,
      series: [
        {
          code: 'heart_rate',
          instants: minutes.map((minute) => startsAt + minute * 60_000),
          values: Object.values(hr),
        },
      ],
      scores:
        recovery === undefined
          ? []
          : [{ category: 'recovery', date, value: recovery, qualifier: null, components: null }],
    };
  }

  fetchAccount(): Promise<ProviderAccount> {
    return Promise.reject(new Error('not scripted'));
  }
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
