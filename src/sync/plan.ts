import { createHash } from 'node:crypto';
import type { DateRange, LocalDate } from '../health-data/canonical';
import { addDays, datesDownFrom, daysBetween, localDate } from './local-date';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** A day older than this many local days counts as settled: the vendor no longer adds to it, only rewrites it. */
const SETTLED_AFTER_DAYS = 3;

/** Tries in a row after which a day is parked. */
export const MAX_ATTEMPTS = 5;
const BACK_OFF_BASE_MS = 2_000;
const BACK_OFF_CAP_MS = 15 * 60_000;

/**
 * The connection's own point of the week, in ms: its slots lie at this point modulo the interval, its daily slot at
 * this point modulo a day, its weekly slot at the point itself. So nothing happens to all connections at once.
 */
export function phaseOf(connectionId: string): number {
  return createHash('sha256').update(connectionId).digest().readUIntBE(0, 6) % WEEK_MS;
}

/** The first slot after `at`. */
export function slotAfter(at: Date, connectionId: string, intervalMs: number): Date {
  const phase = phaseOf(connectionId) % intervalMs;
  return new Date(phase + (Math.floor((at.getTime() - phase) / intervalMs) + 1) * intervalMs);
}

export interface SlotPlan {
  connectionId: string;
  /** The slot that is due; the one before it has been served. */
  slotAt: Date;
  now: Date;
  intervalMs: number;
  /** IANA zone last seen of the user; null: UTC is taken. */
  timeZone: string | null;
  /** The newest date of the ledger that is not in the future. */
  newest: LocalDate | null;
  /** How far back the vendor answers. */
  historyDays: number | null;
}

/**
 * The dates that a slot opens, newest first: today and yesterday; after a gap everything since the ledger's last
 * dates, which may have been read before they were over; once a day seven days, once a week thirty. Slots missed
 * since `slotAt` count, so a server that was down at the weekly slot catches up.
 */
export function slotDates(plan: SlotPlan): LocalDate[] {
  const today = localDate(plan.now, plan.timeZone);
  const yesterday = addDays(today, -1);
  const afterGap = plan.newest !== null && plan.newest < yesterday ? addDays(plan.newest, -2) : yesterday;
  const trailing = crosses(plan, WEEK_MS) ? 30 : crosses(plan, DAY_MS) ? 7 : 2;
  const from = [afterGap, addDays(today, 1 - trailing)].toSorted()[0];
  return datesDownFrom(today, withinHistory(from, today, plan.historyDays));
}

/** Whether a multiple of `period`, counted from the connection's phase, lies in the time that this slot stands for. */
function crosses({ connectionId, slotAt, now, intervalMs }: SlotPlan, period: number): boolean {
  const phase = phaseOf(connectionId);
  const count = (ms: number) => Math.floor((ms - phase) / period);
  return count(now.getTime()) > count(slotAt.getTime() - intervalMs);
}

/** The ledger of a fresh connection. The zone is not known yet, and in the east it is tomorrow already. */
export function initialDates(now: Date, backfillDays: number, historyDays: number | null): LocalDate[] {
  const today = localDate(now, 'utc');
  return datesDownFrom(addDays(today, 1), withinHistory(addDays(today, -backfillDays), today, historyDays));
}

export function withinHistory(from: LocalDate, today: LocalDate, historyDays: number | null): LocalDate {
  return historyDays !== null && daysBetween(from, today) > historyDays ? addDays(today, -historyDays) : from;
}

export function isSettled(date: LocalDate, now: Date, timeZone: string | null): boolean {
  return daysBetween(date, localDate(now, timeZone)) > SETTLED_AFTER_DAYS;
}

/** Full jitter: anything from nothing to 2 s, 4 s, 8 s … 15 min. @param random from 0 to 1 */
export function backOffMs(attempts: number, random: number): number {
  return Math.round(random * Math.min(BACK_OFF_CAP_MS, BACK_OFF_BASE_MS * 2 ** Math.max(0, attempts - 1)));
}

/** Dates given newest first, gathered into fetches of at most `maxDays` consecutive days each. */
export function fetchRanges(dates: LocalDate[], maxDays: number): DateRange[] {
  const ranges: DateRange[] = [];
  for (const date of dates) {
    const last = ranges.at(-1);
    const joins =
      last !== undefined && addDays(last.from, -1) === date && daysBetween(date, last.to) < maxDays;
    if (joins) last.from = date;
    else ranges.push({ from: date, to: date });
  }
  return ranges;
}
