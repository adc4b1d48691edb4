import { Injectable } from '@nestjs/common';

/**
 * Points at which a process may die or hang with the most to lose.
 *
 * A refresh passes, in this order: before-send (the attempt is committed); after-send (the request is with the
 * operating system, nothing of the answer is read; only a crash shows here, since nobody waits); after-response (the
 * pair is in the journal, the first instant at which it counts as arrived); before-commit (all is written); after-commit
 * (which is also what lets go of the row lock; the pair is still in the journal); before-unlock (the journal is clear, the
 * callers that wait in this process are not yet let on).
 */
export type Failpoint =
  | 'refresh.before-send'
  | 'refresh.after-send'
  | 'refresh.after-response'
  | 'refresh.before-commit'
  | 'refresh.after-commit'
  | 'refresh.before-unlock'
  | 'vendor.before-send';

/** Nothing ever happens here in a server; `npm run test:faults` puts something in its place that crashes, hangs or throws. */
@Injectable()
export class Failpoints {
  async reach(_point: Failpoint): Promise<void> {}
}
