import type { LocalDate } from '../health-data/canonical';
import type { RawAnswer, WearableProvider } from '../providers/provider';
import type { AccountSession } from './account-session';
import { datesDownFrom } from './local-date';
import { fetchRanges } from './plan';
import type { Received } from './received';

export type FetchedDay = { received: Received } | { date: LocalDate; error: unknown };

interface Fetching {
  receive: (answer: RawAnswer) => Received;
  /** Calls at once. */
  concurrent: number;
  /** `soon`: no further call, those under way are still handed over; `now`: nothing is handed over any more. */
  stop: { soon: AbortSignal; now: AbortSignal };
}

/**
 * Fetches days, several calls at once, and hands them over one after another in the order given. A call that fails is
 * handed over as such. Whoever leaves early waits for the calls under way, so that the next run does not double them;
 * only `stop.now` ends it at once.
 */
export async function* fetchAhead(
  provider: WearableProvider,
  session: AccountSession,
  dates: LocalDate[],
  { receive, concurrent, stop }: Fetching,
): AsyncGenerator<FetchedDay> {
  const ranges = fetchRanges(dates, provider.definition.limits.maxDaysPerFetch);
  const stopped = new Promise<null>((resolve) => {
    if (stop.now.aborted) resolve(null);
    else stop.now.addEventListener('abort', () => resolve(null), { once: true });
  });

  const fetchRange = async ({ from, to }: (typeof ranges)[number]): Promise<FetchedDay[]> => {
    const wanted = datesDownFrom(to, from);
    try {
      const answers = await session.call((account) => provider.fetch(account, { from, to }));
      return wanted.map((date) => {
        const answer = answers.find((each) => each.date === date);
        return answer === undefined
          ? {
              date,
              error: new Error(`${provider.definition.slug} gave no answer about a day it was asked for`),
            }
          : { received: receive(answer) };
      });
    } catch (error) {
      return wanted.map((date) => ({ date, error }));
    }
  };

  const underWay: Promise<FetchedDay[]>[] = [];
  try {
    for (let next = 0; ;) {
      while (next < ranges.length && underWay.length < concurrent && !stop.soon.aborted)
        underWay.push(fetchRange(ranges[next++]));
      if (underWay.length === 0) return;
      const fetched = await Promise.race([underWay[0], stopped]);
      if (stop.now.aborted || !fetched) return;
      void underWay.shift();
      yield* fetched;
    }
  } finally {
    await Promise.race([Promise.all(underWay), stopped]);
  }
}
