import type { Sighted } from '../evidence';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const NAMED = 5;

/** `2026-06-17 06:14 UTC` */
export const atTime = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** `Friday 2026-06-12` */
export const onDate = (date: string): string => `${WEEKDAYS[new Date(date).getUTCDay()]} ${date}`;

/** `1 day`, `3 days` */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;

/** `Friday 2026-06-12`, or `2026-06-12 to 2026-06-14` */
export const between = ({ from, to }: { from: string; to: string }): string =>
  from === to ? onDate(from) : `${from} to ${to}`;

export const lastAnswer = (lastSyncedAt: Date | null): string =>
  lastSyncedAt === null
    ? 'No answer has been stored since the sign-in.'
    : `The last good answer came at ${atTime(lastSyncedAt)}.`;

/** The most frequent names, each with its count. */
export const names = (sighted: readonly Sighted[]): string[] =>
  sighted.slice(0, NAMED).map(({ name, count }) => `${name} ${count}`);

export const total = (sighted: readonly Sighted[]): number =>
  sighted.reduce((sum, { count }) => sum + count, 0);

export const iso = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;
