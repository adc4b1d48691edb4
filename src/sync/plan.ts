import { createHash } from 'node:crypto';
import type { DateRange, LocalDate } from '../health-data/canonical';
import { addDays, datesDownFrom, daysBetween, localDate } from './local-date';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** A day older than this many local days counts as settled: the vendor no longer adds to it, only rewrites it. */
const SETTLED_AFTER_DAYS = 3;

/** Tries in a row after which a day is parked. */
export const MAX_ATTEMPTS = 5;
const BACK_OFF_BASE_MS = 2_000;
const BACK_OFF_CAP_MS = 15 * 60_000;
/** While a vendor is away, so that all connections have caught up a quarter of an hour after it is back. */
const AWAY_CAP_MS = 10 * 60_000;

/** After these hours a day with data, of which the vendor suddenly says that it has none, is asked for again. */
const RECHECK_AFTER_HOURS = [1, 6, 24, 72];

/** Of so many connections at once, those that may read history: the rest, 30 % at least, is for what cannot wait, but of one that one. */
export const historyLimit = (concurrency: number): number =>
  Math.max(1, concurrency - Math.max(1, Math.ceil(concurrency * 0.3)));

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
  lookBack: LookBack;
}

/** How many days before today are read again: at every slot, at one slot a day, and at one slot a week. */
export interface LookBack {
  slotDays: number;
  dailyDays: number;
  weeklyDays: number;
}

/**
 * The dates that a slot opens, newest first: today and those that the policy looks back to, by default one day at every
 * slot, seven once a day and thirty once a week; after a gap everything since the ledger's last dates, which may have
 * been read before they were over. Slots missed since `slotAt` count, so a server that was down at the weekly slot
 * catches up.
 */
export function slotDates(plan: SlotPlan): LocalDate[] {
  const today = localDate(plan.now, plan.timeZone);
  const { slotDays, dailyDays, weeklyDays } = plan.lookBack;
  const back = crosses(plan, WEEK_MS) ? weeklyDays : crosses(plan, DAY_MS) ? dailyDays : slotDays;
  const from = [afterGap(plan.newest, today), addDays(today, -back)].toSorted()[0];
  return datesDownFrom(today, withinHistory(from, today, plan.historyDays));
}

/** From where on the ledger is behind: a date that was read last before it was over counts too. */
function afterGap(newest: LocalDate | null, today: LocalDate): LocalDate {
  if (newest === null || newest >= today) return today;
  return newest === addDays(today, -1) ? newest : addDays(newest, -2);
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

/**
 * Full jitter: anything from nothing to 2 s, 4 s, 8 s … 15 min, or 10 min while the vendor is away.
 * @param random from 0 to 1
 */
export function backOffMs(attempts: number, random: number, errorCode?: string): number {
  const capMs = errorCode === 'unavailable' ? AWAY_CAP_MS : BACK_OFF_CAP_MS;
  return Math.round(random * Math.min(capMs, BACK_OFF_BASE_MS * 2 ** Math.max(0, attempts - 1)));
}

/** When a day with data is asked for again that is said to be empty; null: no longer but by the look-back. */
export function recheckAt(emptySince: Date, now: Date): Date | null {
  const times = RECHECK_AFTER_HOURS.map((hours) => new Date(emptySince.getTime() + hours * HOUR_MS));
  return times.find((time) => time > now) ?? null;
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
