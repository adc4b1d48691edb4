import type { BreakerState, BudgetState } from '../../providers/budget-state';
import type { EndpointClass } from '../../providers/vendor-budget.entity';

/** Opens when many calls of several users fail, and lets one call in 30 seconds through until one succeeds. */
export class FleetBreaker {
  /** `data` or `token`: they fail apart from each other @example data */
  endpoint_class: EndpointClass;

  /** @example closed */
  state: 'closed' | 'open';

  /** Of the state; null where it has never been open */
  since: string | null;

  /** When a call is tried next; null while it is closed */
  probe_at: string | null;

  /** @example 0 */
  failures_in_row: number;
}

/** What this server may ask of the provider, over all processes. */
export class FleetBudget {
  /** @example 10 */
  requests_per_second: number;

  /** What could be asked at once, now @example 7.5 */
  tokens: number;

  /** The provider has told this server to wait (429); null: it has not */
  blocked_until: string | null;

  /** @example 3 */
  calls_under_way: number;

  breakers: FleetBreaker[];
}

export const toFleetBudget = (budget: BudgetState | undefined): FleetBudget | null =>
  budget === undefined
    ? null
    : {
        requests_per_second: budget.requestsPerSecond,
        tokens: Math.round(budget.tokens * 10) / 10,
        blocked_until: budget.blockedUntil?.toISOString() ?? null,
        calls_under_way: budget.underWay,
        breakers: budget.breakers.map(toFleetBreaker),
      };

const toFleetBreaker = (breaker: BreakerState): FleetBreaker => ({
  endpoint_class: breaker.endpointClass,
  state: breaker.state,
  since: breaker.since?.toISOString() ?? null,
  probe_at: breaker.probeAt?.toISOString() ?? null,
  failures_in_row: breaker.failuresInRow,
});
