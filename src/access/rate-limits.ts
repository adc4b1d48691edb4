import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { serverSettings } from '../config/env';
import { clientNetwork } from './client-network';

/** The settings say how many a second; so many seconds' worth may come at once. */
const WINDOW_S = 10;
/** Of what costs much or starts much, by address. */
const THROTTLED = { points: 30, duration: 60 };

/** Who is limited together: a credential wherever it comes from, and an address, or an IPv6 /64, where there is none. */
export type Limited = { caller: string } | { address: string; throttled: boolean };

/** How a request stands in its limit. */
export interface Standing {
  limit: number;
  windowSeconds: number;
  remaining: number;
  /** Until there are as many again. */
  resetSeconds: number;
  isOver: boolean;
}

/**
 * Requests of the last seconds, in this process's memory: with several processes each allows as much. They are counted to
 * keep one client from taking all of a process, for which no process has to know of another.
 */
@Injectable()
export class RateLimits {
  private readonly settings = serverSettings();
  private readonly callers = limiter(this.settings.RATE_LIMIT_PER_CREDENTIAL);
  private readonly addresses = limiter(this.settings.RATE_LIMIT_PER_ADDRESS);
  private readonly throttled = this.addresses && new RateLimiterMemory(THROTTLED);

  /** Counts one. @returns null where there is no limit */
  async count(who: Limited): Promise<Standing | null> {
    if ('caller' in who) return standing(this.callers, who.caller);
    return standing(who.throttled ? this.throttled : this.addresses, clientNetwork(who.address));
  }
}

/** @param perSecond 0: no limit */
const limiter = (perSecond: number): RateLimiterMemory | null =>
  perSecond === 0 ? null : new RateLimiterMemory({ points: perSecond * WINDOW_S, duration: WINDOW_S });

async function standing(limits: RateLimiterMemory | null, key: string): Promise<Standing | null> {
  if (limits === null) return null;
  const { points: limit, duration: windowSeconds } = limits;
  // It throws the same object when the limit is reached.
  const counted = await limits.consume(key).catch((refusal: unknown) => {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  });
  return {
    limit,
    windowSeconds,
    remaining: counted.remainingPoints,
    resetSeconds: Math.ceil(counted.msBeforeNext / 1_000),
    isOver: counted.consumedPoints > limit,
  };
}
