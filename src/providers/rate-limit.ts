import type { ProviderDefinition } from './provider';
import { WHOLE_APP } from './vendor-block.entity';

/** A vendor that does not say when to come back. The ledger backs off by itself; this is for everybody else. */
const UNSAID_BLOCK_MS = 5_000;
/** How long all wait for a limit that may be one user's own. */
const DOUBTFUL_BLOCK_MS = 60_000;

/** A 429 on its way into the database. */
export interface RateLimited {
  scope: ProviderDefinition['limits']['rateLimitScope'];
  connectionId: string | null;
  /** As the vendor says. */
  retryAt: Date | null;
  now: Date;
}

export interface Block {
  /** A connection's id, or `app`. */
  subject: string;
  until: Date;
}

/**
 * Who must not call before when. Where nobody knows whom the vendor means, the one who was told waits as long as it
 * says, and all others for a minute; once another one is told too, and nobody got an answer in between, all wait.
 * @param toldToOthers whether another connection is held back and nobody was answered since
 */
export function blocksAfter(limited: RateLimited, toldToOthers: boolean): Block[] {
  const { scope, connectionId, retryAt, now } = limited;
  const later = (ms: number) => new Date(now.getTime() + ms);
  const until = retryAt ?? later(UNSAID_BLOCK_MS);
  const own = connectionId === null ? [] : [{ subject: connectionId, until }];
  if (scope === 'user') return own;
  if (scope === 'app') return [{ subject: WHOLE_APP, until }];
  const doubtful = later(DOUBTFUL_BLOCK_MS);
  return [{ subject: WHOLE_APP, until: toldToOthers || until < doubtful ? until : doubtful }, ...own];
}
