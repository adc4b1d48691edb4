import { Inject } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import type { DateRange, LocalDate, NormalizedDay } from '../../health-data/canonical';
import {
  WearableProviderPlugin,
  type AccountAccess,
  type ProviderAccount,
  type ProviderDefinition,
  type RawAnswer,
  type SimulatedVendor,
  type WearableProvider,
} from '../provider';
import { ProviderError } from '../provider-errors';
import { ProviderHttp } from '../provider-http';
import { normalizeAnswer } from './normalize/normalize';
import { readAccount } from './ultrahuman.account';
import { UltrahumanClient } from './ultrahuman.client';
import { ultrahumanConfig } from './ultrahuman.config';
import { ultrahumanDefinition } from './ultrahuman.definition';
import { UltrahumanSimulator } from './ultrahuman.simulator';

const DAY_MS = 86_400_000;

@WearableProviderPlugin()
export class UltrahumanProvider implements WearableProvider {
  readonly definition: ProviderDefinition;
  readonly simulated?: SimulatedVendor;

  constructor(
    private readonly client: UltrahumanClient,
    http: ProviderHttp,
    @Inject(ultrahumanConfig.KEY) settings: ConfigType<typeof ultrahumanConfig>,
  ) {
    this.definition = ultrahumanDefinition(settings);
    if (settings.hasSimulator) this.simulated = new UltrahumanSimulator(http, this.definition);
  }

  /** The vendor answers one date a request. */
  async fetch(account: AccountAccess, days: DateRange): Promise<RawAnswer[]> {
    const answers: RawAnswer[] = [];
    for (const date of datesOf(days)) {
      const { status, body } = await this.client.metrics(account, date);
      answers.push({ date, status, body });
    }
    return answers;
  }

  normalize(raw: RawAnswer): NormalizedDay {
    return normalizeAnswer(raw);
  }

  async fetchAccount(account: AccountAccess): Promise<ProviderAccount> {
    const tokenInfo = await this.client.tokenInfo(account);
    return readAccount(tokenInfo.body, await this.userInfo(account));
  }

  /** Needs the scope `profile`, which a user may have left out: an account without a name is an account too. */
  private async userInfo(account: AccountAccess): Promise<Buffer | null> {
    try {
      return (await this.client.userInfo(account)).body;
    } catch (error) {
      if (error instanceof ProviderError) return null;
      throw error;
    }
  }
}

function datesOf({ from, to }: DateRange): LocalDate[] {
  const dates: LocalDate[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS)
    dates.push(new Date(at).toISOString().slice(0, 10));
  return dates;
}
