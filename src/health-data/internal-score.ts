import type { LocalDate, ScoreComponent, SleepSession } from './canonical';

/** Raised whenever a formula changes its output: every score is then computed anew. `docs/scores.md` tells each version. */
export const FORMULA_VERSION = 1;

/** A score looks at the nights of so many dates, its own the last: so far reaches a change of one night. */
export const WINDOW_DAYS = 7;
/** Of which so many must be known. */
export const WINDOW_NIGHTS = 5;

export const INTERNAL_CATEGORIES = ['sleep', 'resilience'] as const;
export type InternalCategory = (typeof INTERNAL_CATEGORIES)[number];

/** What a formula says of one date. */
export interface InternalFigure {
  value: number;
  components: Record<string, ScoreComponent>;
}

/** The night of a date and a device, and what was slept beside it. */
export interface Night {
  date: LocalDate;
  sleepId: string;
  /** Epoch ms. */
  start: number;
  end: number;
  /** At the end of the night; null where it is not known. */
  zoneOffset: string | null;
  /** Of the night; null where it is not known. */
  asleepSeconds: number | null;
  /** Of the night and of those naps of the date of which it is known. */
  totalAsleepSeconds: number | null;
  stageSeconds: SleepSession['stageSeconds'];
  /** Between falling asleep and waking up; null without stages. */
  awakeSeconds: number | null;
  longAwakenings: number | null;
  efficiencyPercent: number | null;
  /** Mean RMSSD within the night, ms. */
  hrv: number | null;
}

export const component = (value: number | null): ScoreComponent => ({
  value: value === null ? null : Math.round(value),
  qualifier: null,
});
