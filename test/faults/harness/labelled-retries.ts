import type { TokenPair } from '../../../simulator/ledger/ledger';
import type { LogLine } from './log-lines';

const LABEL = 'refresh retried after a lost answer';
/** From the label in the log to the request at the vendor. */
const LONGEST_MS = 10_000;

export interface Reuses {
  /** Each of them had been announced by a server as the retry after a lost answer. */
  labelled: number;
  unlabelled: number;
}

/** The vendor's ledger of one account against what the servers logged of its connection. */
export function reusesOf(tokens: TokenPair[], connectionId: string, log: LogLine[]): Reuses {
  const labels = log.filter(({ msg, connection }) => msg === LABEL && connection === connectionId);
  const reuses = tokens.flatMap((pair) => pair.reuses.map(({ at }) => at)).toSorted();
  let labelled = 0;
  for (const reused of reuses) {
    const found = labels.findIndex(({ time }) => time <= reused && msBetween(time, reused) <= LONGEST_MS);
    if (found === -1) continue;
    labels.splice(found, 1);
    labelled++;
  }
  return { labelled, unlabelled: reuses.length - labelled };
}

const msBetween = (earlier: string, later: string): number => Date.parse(later) - Date.parse(earlier);
