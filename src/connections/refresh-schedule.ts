import { createHash } from 'node:crypto';
import type { Credential } from './credential.entity';

/** A token is renewed when this share of its life is over, so that an outage at the vendor finds it still good. */
const RENEWED_AT = 0.75;
/** Each pair a little earlier or later: those of one evening's sign-ins do not stay together. */
const SPREAD = 0.05;

const CONFIRM_AFTER_MS = 60_000;
/** Vendors that forgive a second use of a refresh token do so for 30 to 60 s. */
const LOST_RETRY_MS = 2_000;
const LOST_TRIES = 3;
const BACK_OFF_BASE_MS = 60_000;
const BACK_OFF_CAP_MS = 3_600_000;
const REJECTED_APART_MS = 30 * 60_000;

type Row = Pick<Credential, 'connectionId' | 'tokenVersion'>;
type Life = Row & Pick<Credential, 'issuedAt' | 'expiresAt' | 'refreshRetryAt'>;

/** What the chance of a pair of tokens hangs on. */
export const chanceOf = ({ connectionId, tokenVersion }: Row): string => `${connectionId} ${tokenVersion}`;

export const isExpired = ({ expiresAt }: Pick<Life, 'expiresAt'>, now: Date): boolean =>
  expiresAt !== null && expiresAt <= now;

/** After a refresh that brought nothing the vendor is left alone for a while. */
export const isWaiting = ({ refreshRetryAt }: Pick<Life, 'refreshRetryAt'>, now: Date): boolean =>
  refreshRetryAt !== null && refreshRetryAt > now;

/** Whether to ask for a new token now, be it that the old one is over or that it soon will be. */
export function isDue(credential: Life, now: Date): boolean {
  const { issuedAt, expiresAt } = credential;
  if (expiresAt === null) return false;
  if (isExpired(credential, now)) return true;
  const life = expiresAt.getTime() - issuedAt.getTime();
  const share = RENEWED_AT + SPREAD * (2 * fraction(chanceOf(credential)) - 1);
  return now.getTime() >= issuedAt.getTime() + life * share && !isWaiting(credential, now);
}

/** A refused refresh is tried again to confirm it, and not before the vendor had time to recover. */
export const confirmAt = (now: Date): Date => later(now, CONFIRM_AFTER_MS);

/**
 * When to try again after so many failures in a row: 1 min, 2 min, 4 min … 1 h, of which half to all (equal jitter).
 * @param seed what is tried, on which its chance hangs
 * @param wished the vendor's own word (`Retry-After`), which is kept
 */
export function retryAt(seed: string, failures: number, now: Date, wished: Date | null = null): Date {
  const cap = Math.min(BACK_OFF_CAP_MS, BACK_OFF_BASE_MS * 2 ** (failures - 1));
  const ours = later(now, cap * (0.5 + fraction(`${seed} ${failures}`) / 2));
  return wished !== null && wished > ours ? wished : ours;
}

/** After a process died that had begun: at once, while the vendor may still forgive a second use. */
export const abandonedRetryAt = (now: Date): Date => later(now, LOST_RETRY_MS);

/**
 * When to try again after an answer was lost: at once for the first ones, whatever failed before; but an outage is not
 * answered by more requests.
 * @param lost answers about this token, with this one
 * @param failures of any kind in a row, with this one
 */
export const lostRetryAt = (
  seed: string,
  { lost, failures }: { lost: number; failures: number },
  now: Date,
): Date => (lost < LOST_TRIES ? later(now, LOST_RETRY_MS) : retryAt(seed, failures, now));

/** Whether a refused token may be replaced: twice an hour where its successor is refused as well, or it would go on for ever. */
export const mayReplace = ({ rejectedAt }: Pick<Credential, 'rejectedAt'>, now: Date): boolean =>
  rejectedAt === null || now.getTime() - rejectedAt.getTime() > REJECTED_APART_MS;

const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

/** From 0 to 1, the same for the same text in every process. */
const fraction = (text: string): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
