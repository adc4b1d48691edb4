import type { ProviderDefinition, Urgency, VendorCaller } from './provider';
import { ProviderRateLimited, ProviderUnavailable, type ProviderError } from './provider-errors';
import type { EndpointClass } from './vendor-budget.entity';

/** One call that asks to be let out. */
export interface VendorCall {
  provider: Pick<ProviderDefinition, 'slug' | 'limits'>;
  endpointClass: EndpointClass;
  caller: VendorCaller;
  /** After this it is over in any case: its slot is then free, whatever has become of its process. */
  timeoutMs: number;
}

/** How a call stands with the budget, as of one instant. */
export interface Standing {
  granted: boolean;
  /** Of this caller; null where nothing is blocked. */
  blockedUntil: Date | null;
  /** While the breaker is open: when a call may be tried next. */
  probeAt: Date | null;
  /** Calls of this connection that are under way. */
  underWay: number;
  tokens: number;
}

/** Go; come back later, through the ledger; or wait here. */
export type Verdict = 'granted' | { refused: ProviderError } | { waitFor: 'slot' | 'tokens'; waitMs: number };

/** The share of the bucket that backfills leave to live polls and users. */
const RESERVED_SHARE = 0.3;
/** A slot may become free in another process, which does not tell. */
const SLOT_WAIT_MS = 250;
const SHORTEST_WAIT_MS = 5;
/** Settings and clocks may change meanwhile. */
const LONGEST_WAIT_MS = 1_000;

/** Tokens: a second's worth, or at small rates what lets a backfill take one and leave the others their share. */
export const capacityOf = (requestsPerSecond: number): number =>
  Math.max(requestsPerSecond, 1 / (1 - RESERVED_SHARE));

/** What a call costs, and what must be left after it. Token requests hold a row lock and take no part in it. */
export function priceOf(
  endpointClass: EndpointClass,
  urgency: Urgency,
  capacity: number,
): { cost: number; floor: number } {
  if (endpointClass === 'token') return { cost: 0, floor: 0 };
  return { cost: 1, floor: urgency === 'backfill' ? RESERVED_SHARE * capacity : 0 };
}

/** What a call does next. What would last is refused, so that the ledger and not this process waits. */
export function verdictOf(call: VendorCall, standing: Standing, now: Date): Verdict {
  const { slug, limits } = call.provider;
  const { blockedUntil, probeAt } = standing;
  if (standing.granted) return 'granted';
  if (blockedUntil !== null && blockedUntil > now) {
    const message = `${slug} has limited us: not asked before ${blockedUntil.toISOString()}`;
    return { refused: new ProviderRateLimited(message, blockedUntil) };
  }
  if (probeAt !== null && probeAt > now) {
    const message = `${slug} is in trouble: tried again at ${probeAt.toISOString()}`;
    return { refused: new ProviderUnavailable(message, probeAt) };
  }
  if (slotsOf(call) !== null && standing.underWay >= limits.concurrentPerUser)
    return { waitFor: 'slot', waitMs: SLOT_WAIT_MS };
  const { requestsPerSecond } = limits;
  const { cost, floor } = priceOf(call.endpointClass, call.caller.urgency, capacityOf(requestsPerSecond));
  const missing = cost + floor - standing.tokens;
  return { waitFor: 'tokens', waitMs: within((missing / requestsPerSecond) * 1_000) };
}

/** How many calls of its connection may be under way; null: any number. */
export function slotsOf({ endpointClass, caller, provider }: VendorCall): number | null {
  return endpointClass === 'token' || caller.connectionId === null ? null : provider.limits.concurrentPerUser;
}

const within = (ms: number) => Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, Math.ceil(ms)));
