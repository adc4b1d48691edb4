import type { Credential } from './credential.entity';

/** A token is renewed when this share of its life is over, so that an outage at the vendor finds it still good. */
const RENEWED_AT = 0.75;
const PAUSE_MS = 60_000;

type Times = Pick<Credential, 'issuedAt' | 'expiresAt' | 'refreshAttemptedAt' | 'refreshRefusedAt'>;

export const isExpired = ({ expiresAt }: Times, now: Date): boolean => expiresAt !== null && expiresAt <= now;

/** Whether to ask for a new token now. While the old one is good, a try that brought nothing is followed by a pause. */
export function isDue(times: Times, now: Date): boolean {
  const { issuedAt, expiresAt, refreshAttemptedAt } = times;
  if (expiresAt === null) return false;
  if (isExpired(times, now)) return true;
  const life = expiresAt.getTime() - issuedAt.getTime();
  const isOld = now.getTime() >= issuedAt.getTime() + life * RENEWED_AT;
  return isOld && !isWithinPause(refreshAttemptedAt, now) && !mustWait(times, now);
}

/** A refused refresh is tried again to confirm it, and not before the vendor had time to recover. */
export const mustWait = ({ refreshRefusedAt }: Times, now: Date): boolean =>
  isWithinPause(refreshRefusedAt, now);

const isWithinPause = (since: Date | null, now: Date): boolean =>
  since !== null && now.getTime() - since.getTime() < PAUSE_MS;
