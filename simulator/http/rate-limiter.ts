import { BadInput } from './exchange';
import { json, Reply } from './reply';

export interface RateLimit {
  window_seconds: number;
  max: number;
  /** Fixed windows start anew on the clock's multiples; sliding ones look back from each request. */
  kind: 'fixed' | 'sliding';
  /** Whether a refusal says when to come back. */
  retry_after: boolean;
}

/** Nobody has met a limit of the vendor's yet. Counted per user, on the real clock, which is the client's too. */
export class RateLimiter {
  private limit: RateLimit | null = null;
  private readonly granted = new Map<number, number[]>();

  constructor(private readonly now: () => number = () => Date.now() / 1000) {}

  set(limit: RateLimit | null): void {
    if (limit && !(limit.window_seconds > 0 && Number.isInteger(limit.max) && limit.max > 0))
      throw new BadInput('a rate limit has window_seconds above 0 and a whole max above 0');
    this.limit = limit;
    this.granted.clear();
  }

  /** Null when the request may pass; refused requests do not count. */
  refuse(user: number | null): Reply | null {
    const { limit } = this;
    if (limit === null || user === null) return null;
    const now = this.now();
    const counted = (this.granted.get(user) ?? []).filter((at) => sharesWindow(limit, at, now));
    if (counted.length < limit.max) {
      this.granted.set(user, [...counted, now]);
      return null;
    }
    const wait = secondsUntilFree(limit, counted[0], now);
    const headers: Record<string, string> = limit.retry_after
      ? { 'retry-after': String(Math.max(1, Math.ceil(wait))) }
      : {};
    return json(429, { status: 429, error: 'Too Many Requests' }, headers);
  }
}

function sharesWindow({ kind, window_seconds: length }: RateLimit, at: number, now: number): boolean {
  return kind === 'fixed' ? Math.floor(at / length) === Math.floor(now / length) : at > now - length;
}

function secondsUntilFree({ kind, window_seconds: length }: RateLimit, oldest: number, now: number): number {
  return kind === 'fixed' ? length - (now % length) : oldest + length - now;
}
