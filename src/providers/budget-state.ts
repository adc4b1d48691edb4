import { capacityOf } from './budget-rules';
import type { VendorBlock } from './vendor-block.entity';
import type { EndpointClass, VendorBudget } from './vendor-budget.entity';

/** How one provider's budget stands. */
export interface BudgetState {
  provider: string;
  requestsPerSecond: number;
  /** What could be asked at once, now. */
  tokens: number;
  /** Of the whole app, by a 429; null: not blocked. */
  blockedUntil: Date | null;
  /** Calls under way, over all processes. */
  underWay: number;
  breakers: BreakerState[];
}

export interface BreakerState {
  endpointClass: EndpointClass;
  state: 'closed' | 'open';
  /** Of the state; null where it has never been open. */
  since: Date | null;
  /** When a call is tried next; null while closed. */
  probeAt: Date | null;
  failuresInRow: number;
}

/** @param blocks those of the whole app */
export function budgetStates(budgets: VendorBudget[], blocks: VendorBlock[], now: Date): BudgetState[] {
  const providers = [...new Set(budgets.map(({ provider }) => provider))];
  return providers.map((provider) => {
    const rows = budgets.filter((budget) => budget.provider === provider);
    const data = rows.find(({ endpointClass }) => endpointClass === 'data') ?? rows[0];
    const block = blocks.find((it) => it.provider === provider && it.until > now);
    return {
      provider,
      requestsPerSecond: data.requestsPerSecond,
      tokens: tokensOf(data, now),
      blockedUntil: block?.until ?? null,
      underWay: rows.reduce((sum, row) => sum + underWay(row, now), 0),
      breakers: rows.map(breakerState),
    };
  });
}

function tokensOf({ requestsPerSecond, tokens, refilledAt }: VendorBudget, now: Date): number {
  const seconds = Math.max(0, now.getTime() - refilledAt.getTime()) / 1_000;
  return Math.min(capacityOf(requestsPerSecond), tokens + seconds * requestsPerSecond);
}

const underWay = ({ inFlight }: VendorBudget, now: Date): number =>
  Object.values(inFlight).filter(([, until]) => until > now.getTime()).length;

const breakerState = (row: VendorBudget): BreakerState => ({
  endpointClass: row.endpointClass,
  state: row.openedAt === null ? 'closed' : 'open',
  since: row.openedAt ?? row.closedAt,
  probeAt: row.probeAt,
  failuresInRow: row.failuresInRow,
});
