import type { LocalDate } from '../health-data/canonical';
import type { RawAnswer, WearableProvider } from '../providers/provider';
import type { AccountSession } from './account-session';
import { datesDownFrom } from './local-date';
import { fetchRanges } from './plan';
import type { Received } from './received';

export type FetchedDay = { received: Received } | { date: LocalDate; error: unknown };

/**
 * Fetches days in parallel, as many calls at once as the provider allows one user, and hands them over one after
 * another in the order given (newest first). A call that fails is handed over as such. Whoever stops early waits for
 * the calls under way, so that the next run does not double them; only `stop` ends it at once.
 */
export async function* fetchAhead(
  provider: WearableProvider,
  session: AccountSession,
  dates: LocalDate[],
  { receive, stop }: { receive: (answer: RawAnswer) => Received; stop: AbortSignal },
): AsyncGenerator<FetchedDay> {
  const { concurrentPerUser, maxDaysPerFetch } = provider.definition.limits;
  const ranges = fetchRanges(dates, maxDaysPerFetch);
  const stopped = new Promise<null>((resolve) => {
    if (stop.aborted) resolve(null);
    else stop.addEventListener('abort', () => resolve(null), { once: true });
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
    for (let next = 0; next < ranges.length || underWay.length > 0;) {
      while (next < ranges.length && underWay.length < concurrentPerUser)
        underWay.push(fetchRange(ranges[next++]));
      const fetched = await Promise.race([underWay[0], stopped]);
      if (stop.aborted || !fetched) return;
      void underWay.shift();
      yield* fetched;
    }
  } finally {
    await Promise.race([Promise.all(underWay), stopped]);
  }
}
