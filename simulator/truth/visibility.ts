import { nightAt } from '../life/day';
import { addDays, atHour, localDate } from '../life/local-day';
import { Life } from '../life/life';
import { Night } from '../life/night';
import { Revision, revisionAfter } from './night-revision';
import { RecordedLife } from './recorded-life';

/** What has reached the vendor at one moment, and how long it has had to think about it. */
export interface View {
  now: number;
  /** The last time the phone fetched from the ring. */
  fetched: number;
}

const longestSilenceDays = 7;
const soonAsleep = 3 * 3600;

export function viewAt(record: RecordedLife, now: number): View {
  return { now, fetched: lastFetch(record, now) };
}

/** The phone fetches while its owner is up: a sleeper's evening arrives with the night. */
function lastFetch(record: RecordedLife, now: number): number {
  const { persona, itinerary } = record.life;
  const { fetchesAt } = persona.phone;
  if (fetchesAt === null) return sleepAt(record, now)?.start ?? now;
  const today = localDate(now, itinerary.zoneAt(now));
  for (let back = 0; back <= longestSilenceDays; back++) {
    const date = addDays(today, -back);
    const fetches = leftBehind(record.life, date) ? [] : fetchesAt.map((hour) => fetchOn(record, date, hour));
    const last = fetches.findLast((at) => at <= now);
    if (last !== undefined) return last;
  }
  return 0;
}

function fetchOn(record: RecordedLife, date: string, hour: number): number {
  const at = atHour(date, record.life.persona.timeZone, hour);
  return sleepAt(record, at)?.end ?? at;
}

function sleepAt(record: RecordedLife, at: number): Night | null {
  return nightAt(record.day(record.life.itinerary.dateAt(at)), at);
}

function leftBehind({ persona }: Life, date: string): boolean {
  const from = persona.phone.leftBehindFrom;
  const day = Number(date.slice(8));
  return from !== null && day >= from && day < from + 3;
}

/** Nothing of a date shows before its night has: the sleep that is on at midnight, or soon after it. */
export function isSynced(record: RecordedLife, date: string, { fetched, now }: View): boolean {
  const { start, sleeps } = record.day(date);
  // East of here the date may have begun, but nobody has landed there yet.
  if (record.life.itinerary.dayStart(date, now) > now) return false;
  const first = sleeps.find((sleep) => sleep.end > start && sleep.start < start + soonAsleep);
  return fetched > start && fetched >= (first?.end ?? start);
}

/** Null while the vendor knows nothing of that sleep. */
export function revisionIn({ persona }: Life, { now, fetched }: View, night: Night): Revision | null {
  if (night.end > fetched) return null;
  return persona.account.revisesNights ? revisionAfter(now - night.end) : 'final';
}
