import { Inject, Injectable } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import type { DateRange, LocalDate, NormalizedDay, SleepSession } from '../../src/health-data/canonical';
import {
  WearableProviderPlugin,
  type AccountAccess,
  type ProviderAccount,
  type ProviderDefinition,
  type RawAnswer,
  type WearableProvider,
} from '../../src/providers/provider';
import { ProviderPayloadInvalid, ProviderUnavailable } from '../../src/providers/provider-errors';
import { ProviderHttp } from '../../src/providers/provider-http';
import { acmeBandConfig } from './acme-band.config';
import { acmeBandDefinition } from './acme-band.definition';

/** What this vendor sends for one day: a list of `[instant, bpm]` pairs, one count of steps, and perhaps a night. */
interface AcmeDay {
  day: string;
  midnight: string;
  pulse: [instant: string, bpm: number][];
  steps: number;
  night?: { from: string; to: string; minutes_asleep: number };
  readiness?: number;
}

@WearableProviderPlugin()
@Injectable()
export class AcmeBandProvider implements WearableProvider {
  readonly definition: ProviderDefinition;

  constructor(
    @Inject(acmeBandConfig.KEY) private readonly settings: ConfigType<typeof acmeBandConfig>,
    private readonly http: ProviderHttp,
  ) {
    this.definition = acmeBandDefinition(settings);
  }

  async fetch(account: AccountAccess, { from, to }: DateRange): Promise<RawAnswer[]> {
    const days = (await this.get(account, 'days', `/v2/days?from=${from}&to=${to}`)) as AcmeDay[];
    // This vendor leaves out days without data; the contract wants an answer for each.
    return datesOf({ from, to }).map((date) => {
      const day = days.find((it) => it.day === date);
      return { date, status: day ? 200 : 404, body: Buffer.from(day ? JSON.stringify(day) : '') };
    });
  }

  normalize({ date, status, body }: RawAnswer): NormalizedDay {
    const day = status === 404 ? null : parseDay(body);
    return {
      date,
      outcome: day ? 'data' : 'empty',
      startsAt: day ? Date.parse(day.midnight) : null,
      timeZone: null,
      series: day
        ? [
            {
              code: 'heart_rate',
              instants: day.pulse.map(([instant]) => Date.parse(instant)),
              values: day.pulse.map(([, bpm]) => bpm),
            },
          ]
        : [],
      daily: day ? [{ code: 'steps', date, value: day.steps }] : [],
      sleeps: day?.night === undefined ? [] : [toSleep(date, day.night)],
      scores:
        day?.readiness === undefined
          ? []
          : [{ category: 'recovery', date, value: day.readiness, qualifier: null, components: null }],
      unmapped: [],
      rejected: [],
    };
  }

  async fetchAccount(account: AccountAccess): Promise<ProviderAccount> {
    const { id, nickname } = (await this.get(account, 'me', '/v2/me')) as { id: string; nickname: string };
    return { id, name: nickname, timeZone: null, scope: null };
  }

  private async get(account: AccountAccess, operation: string, path: string): Promise<unknown> {
    const { status, body } = await this.http.request({
      provider: this.definition,
      operation,
      caller: account,
      method: 'GET',
      url: `${this.settings.ACME_BAND_URL}${path}`,
      headers: { authorization: `Bearer ${account.accessToken}` },
    });
    if (status !== 200) throw new ProviderUnavailable(`${operation} answered ${status}`);
    return JSON.parse(body.toString());
  }
}

/** This vendor knows how long one slept, and no stages. */
const toSleep = (date: LocalDate, night: NonNullable<AcmeDay['night']>): SleepSession => ({
  date,
  start: Date.parse(night.from),
  end: Date.parse(night.to),
  asleepSeconds: night.minutes_asleep * 60,
  stageSeconds: null,
  stages: [],
  efficiencyPercent: null,
  averageHeartRate: null,
  averageHrvRmssd: null,
  averageSpo2: null,
  graphs: {},
});

function datesOf({ from, to }: DateRange): LocalDate[] {
  const dates = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000)
    dates.push(new Date(at).toISOString().slice(0, 10));
  return dates;
}

function parseDay(body: Buffer): AcmeDay {
  if (body.length === 0) throw new ProviderPayloadInvalid('the body is empty', 'empty_body');
  let day: Partial<AcmeDay> | null;
  try {
    day = JSON.parse(body.toString());
  } catch {
    throw new ProviderPayloadInvalid('the body is not JSON', 'not_json');
  }
  if (!Array.isArray(day?.pulse) || typeof day.midnight !== 'string' || typeof day.steps !== 'number')
    throw new ProviderPayloadInvalid('the body is not a day', 'unknown_envelope');
  return day as AcmeDay;
}
