import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../database/clock';
import type { ProviderDefinition } from '../../providers/provider';
import { VendorBudgets } from '../../providers/vendor-budgets';
import { ProviderRegistry } from '../../providers/provider.registry';
import { UsersService } from '../../users/users.service';
import type { ConnectionEvidence, Evidence, Seen } from './evidence';
import * as queries from './evidence-queries';

/** How far back the records of runs are summed up. */
const SEEN_MS = 7 * 86_400_000;

/** A device in a drawer goes on to count: no step at a time. */
const NEEDS_NO_BODY = new Set(['steps']);

/** Gathers what is stored about one user's sync. */
@Injectable()
export class EvidenceReader {
  constructor(
    private readonly database: DataSource,
    private readonly users: UsersService,
    private readonly registry: ProviderRegistry,
    private readonly budgets: VendorBudgets,
    private readonly clock: Clock,
  ) {}

  /** As it is at one moment: a run that ends meanwhile is seen as a whole or not at all. @throws NotFoundException */
  async ofUser(userId: string): Promise<Evidence> {
    await this.users.get(userId);
    const budgets = await this.budgets.state();
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const connections = await this.connections(manager, userId);
      const signIns = await queries.signInsOf(manager, userId);
      const refusing = await queries.refusingProviders(manager);
      const slugs = new Set([...signIns.map(({ provider }) => provider), ...connections.keys()]);
      const cases = [...slugs].toSorted().map((provider) => {
        const definition = this.registry.find(provider)?.definition;
        return {
          userId,
          provider,
          name: definition?.name ?? provider,
          missingSettings: missingSettings(definition),
          budget: budgets.find((budget) => budget.provider === provider) ?? null,
          clientRefused: refusing.find((one) => one.provider === provider) ?? null,
          signIn: signIns.find((signIn) => signIn.provider === provider) ?? null,
          connection: connections.get(provider) ?? null,
        };
      });
      return { userId, cases };
    });
  }

  /** By provider. */
  private async connections(
    manager: EntityManager,
    userId: string,
  ): Promise<Map<string, ConnectionEvidence>> {
    const rows = await queries.connectionsOf(manager, userId);
    const since = new Date(this.clock.now().getTime() - SEEN_MS);
    const tokens = await queries.tokensOf(manager, userId);
    const days = await queries.dayGroupsOf(manager, userId);
    const unusable = await queries.unusableOf(manager, userId);
    const running = await queries.runningOf(manager, userId);
    const ended = await queries.lastRunsOf(manager, userId);
    const seen = await queries.seenOf(manager, userId, since);
    const devices = await queries.devicesOf(manager, userId, this.codesOfABody());
    const lastRunOfAnybodyAt = await queries.lastActivity(manager);
    const revocations = await queries.revocationsOf(manager, userId);
    return new Map(
      rows.map(({ provider, scope, ...connection }) => {
        const isIts = ({ connectionId }: { connectionId: string }) => connectionId === connection.id;
        const evidence = {
          ...connection,
          lastRunOfAnybodyAt,
          asked: this.registry.find(provider)?.definition.oauth.scopes ?? [],
          granted: scope?.split(/[\s,]+/) ?? null,
          tokens: tokens.find(isIts) ?? null,
          revocations: revocations.find((it) => it.provider === provider) ?? { pending: 0, since: null },
          days: days.filter(isIts),
          unusable: unusable.filter(isIts),
          running: running.filter(isIts),
          lastRun: ended.find(isIts) ?? null,
          seen: toSeen(seen.filter(isIts), since),
          devices: devices.filter(isIts),
        };
        return [provider, evidence];
      }),
    );
  }

  private codesOfABody(): string[] {
    const codes = this.registry.all().flatMap(({ definition }) => definition.offers.series);
    return [...new Set(codes)].filter((code) => !NEEDS_NO_BODY.has(code));
  }
}

/** Null where the provider is not part of this server. */
const missingSettings = (definition: ProviderDefinition | undefined): readonly string[] | null => {
  if (definition === undefined) return null;
  return definition.credentials === null ? definition.missingSettings : [];
};

function toSeen(rows: queries.SeenRow[], since: Date): Seen {
  const ofKind = (kind: queries.SeenRow['kind']) =>
    rows.filter((row) => row.kind === kind).map(({ name, count }) => ({ name, count }));
  return {
    since,
    rejected: ofKind('rejected'),
    unmapped: ofKind('unmapped'),
    rolledBack: ofKind('rolledBack'),
    daysRecut: ofKind('recut').reduce((sum, { count }) => sum + count, 0),
  };
}
