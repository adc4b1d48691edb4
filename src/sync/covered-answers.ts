import type { EntityManager } from 'typeorm';
import { covers, coversDay } from './answer-coverage';
import { answersBefore, forgetAnswers, type KeptAnswer } from './raw-answers';
import type { Received } from './received';
import type { SyncJob } from './sync-job';

/** Of a date that is read every hour there is one, rarely two. */
const LOOK_AT = 5;

/**
 * Deletes the kept answers of a date that a new one, which has been taken whole, makes superfluous. From the newest
 * back and only up to the first that it does not cover: what lies between two answers may decide what the later one
 * came to, and a replay has to come to the same.
 */
export async function forgetCovered(
  manager: EntityManager,
  { lease, cipher, provider }: Pick<SyncJob, 'lease' | 'cipher' | 'provider'>,
  received: Received,
): Promise<void> {
  const { date, fetchedAt } = received;
  const older = await answersBefore(manager, lease, cipher, { date, fetchedAt, limit: LOOK_AT });
  if (older.length === 0) return;
  const newer = parsed(received.answer.body);
  const isCovered = (answer: KeptAnswer): boolean => {
    const { listKeys } = provider.definition;
    const before = parsed(answer.body);
    if (newer === undefined || before === undefined || !covers(newer, before, listKeys)) return false;
    try {
      return coversDay(received.normalized(), provider.normalize({ date, status: 200, body: answer.body }));
    } catch {
      // What today's normalizer cannot read, a corrected one may: it stays.
      return false;
    }
  };
  const kept = older.findIndex((answer) => !isCovered(answer));
  const covered = kept < 0 ? older : older.slice(0, kept);
  if (covered.length === 0) return;
  await forgetAnswers(
    manager,
    lease,
    date,
    covered.map((answer) => answer.fetchedAt),
  );
}

/** Undefined for what is no JSON. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
