import { randomUUID } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ActivationService } from '../src/connections/activation.service';
import type { NormalizedDay } from '../src/health-data/canonical';
import { ProviderRegistry } from '../src/providers/provider.registry';
import type { WearableProvider } from '../src/providers/provider';
import { claimConnections } from '../src/sync/claim';
import { DayWriter } from '../src/sync/day-writer';
import { JobOpener } from '../src/sync/job-opener';
import { Received } from '../src/sync/received';
import type { SyncJob } from '../src/sync/sync-job';
import { UsersService } from '../src/users/users.service';
import type { Sample } from './row-baselines';
import type { VendorDay } from './vendor-month';

/** A user with a connection whose sync has been claimed, ready to take answers. */
export async function freshJob(app: INestApplication, provider: WearableProvider): Promise<SyncJob> {
  const user = await app.get(UsersService).create({});
  await app.get(ActivationService).activate({
    userId: user.id,
    provider: provider.definition.slug,
    account: { id: randomUUID(), name: null, timeZone: null, scope: null },
    tokens: { accessToken: 'bench', refreshToken: null, expiresInSeconds: null, scope: null },
  });
  const claim = { now: new Date(), leaseMs: 600_000, limit: 1, work: 'live' as const };
  const [lease] = await claimConnections(app.get(DataSource).manager, claim);
  return (await app.get(JobOpener).open(lease))!;
}

/** From the answer's bytes to the last commit, one transaction a day, newest first. @returns seconds */
export async function ingest(app: INestApplication, job: SyncJob, month: VendorDay[]): Promise<number> {
  const writer = app.get(DayWriter);
  const started = performance.now();
  // As when a run fetches ahead: the answers are there before their turn.
  const answers = month.map(({ date, body }) => new Received(job, { date, status: 200, body }, new Date()));
  for (const answer of answers) job.unread.add(answer);
  for (const answer of answers) {
    const { kind } = await writer.store(job, answer);
    if (kind !== 'stored' && kind !== 'unchanged') throw new Error(`${answer.date} became ${kind}`);
  }
  return (performance.now() - started) / 1_000;
}

/** The samples of a month as plain rows, for the baselines. */
export function rowsOf(app: INestApplication, month: VendorDay[]): Sample[] {
  const [provider] = app.get(ProviderRegistry).all();
  const days = month.map(({ date, body }): NormalizedDay => provider.normalize({ date, status: 200, body }));
  const codes = [...new Set(days.flatMap(({ series }) => series.map(({ code }) => code)))];
  return days
    .flatMap(({ series }) =>
      series.flatMap(({ code, instants, values }) =>
        instants.map((at, i) => ({ series: codes.indexOf(code), at, value: values[i] })),
      ),
    )
    .toSorted((a, b) => a.series - b.series || a.at - b.at);
}
