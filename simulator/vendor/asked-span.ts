import { isLocalDate } from '../life/local-day';
import { Span } from '../truth/day-cut';

export interface Refused {
  refused: string;
}

const longestSeconds = 7 * 86_400;

/** One date, or a span of time: the vendor takes either, never both. */
export function askedFor(query: URLSearchParams): { date: string } | Span | Refused {
  const [date, start, end] = ['date', 'start_epoch', 'end_epoch'].map((name) => query.get(name));
  if (start === null && end === null) {
    const isGiven = date !== null && isLocalDate(date);
    return isGiven ? { date } : { refused: 'date must be given as YYYY-MM-DD' };
  }
  if (date !== null) return { refused: 'give either date, or start_epoch and end_epoch, not both' };
  if (start === null || end === null) return { refused: 'start_epoch and end_epoch go together' };
  return spanBetween(start, end);
}

function spanBetween(from: string, to: string): Span | Refused {
  if (![from, to].every((text) => /^\d{1,10}$/.test(text)))
    return { refused: 'start_epoch and end_epoch must be given in whole seconds' };
  const [start, end] = [Number(from), Number(to)];
  if (end <= start) return { refused: 'end_epoch must be later than start_epoch' };
  if (end - start > longestSeconds)
    return { refused: 'start_epoch and end_epoch may lie seven days apart at most' };
  return { start, end };
}
