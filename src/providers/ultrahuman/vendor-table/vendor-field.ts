import type { NightCurveCode, ScoreCategory, SeriesCode } from '../../../health-data/canonical';
import type { NightFigure } from './night-figures';

/** One row of the vendor table. */
export type VendorField = MappedField | IgnoredField | SameField;

export interface MappedField {
  /**
   * The vendor's type in lower case, then the keys below `object`: `[]` is an item of a list, `[word]` the item whose
   * `type` is that word, and a leading `*` means wherever the key stands.
   */
  path: string;
  /** The metric catalogue's name. */
  canonical: string;
  place: Place;
  /** The unit that the vendor documents for this place; a `unit` beside the value is checked against it. */
  unit: Unit | null;
  /** A sibling, in minutes, that belongs to this value: 6 hours and 52 remaining minutes. */
  plus?: string;
}

/** Presentation: no health data in it. */
export interface IgnoredField {
  path: string;
  ignored: 'title' | 'text' | 'html' | 'colour' | 'icon' | 'deeplink' | 'trend' | 'tracking';
  /** All that it was ever seen to say, in lower case: a new word is counted, as it may change what its neighbours mean. */
  words?: readonly string[];
}

/** Holds what another path holds. */
export interface SameField {
  path: string;
  sameAs: string;
}

export type Unit =
  | 'bpm'
  | 'ms'
  | 'celsius'
  | 'celsius_difference'
  | 'percent'
  | 'count'
  | 'seconds'
  | 'minutes'
  | 'hours'
  | 'mg_dl'
  | 'ml_kg_min'
  | 'score'
  | 'score_of_10'
  | 'epoch_seconds';

/** Where a value is found on our side. */
export type Place =
  | { in: 'series'; code: SeriesCode; part: 'value' | 'instant'; ofNight?: true }
  | { in: 'daily'; code: SeriesCode; measuredWith?: Evidence; target?: { low: number; high: number } }
  | { in: 'night'; figure: NightFigure }
  | { in: 'curve'; code: NightCurveCode; part: CurvePart }
  | { in: 'sleep'; part: SleepPart }
  | { in: 'score'; category: ScoreCategory; part: 'value' }
  | { in: 'score'; category: ScoreCategory; part: 'component'; name?: string }
  | { in: 'calendar' }
  /** Read to tell what its neighbours mean, or whether to trust them. */
  | { in: 'check' };

/** What the same answer must hold for a value that the vendor repeats until there is a new one. */
export type Evidence = 'a night' | 'a sleep or a heart rate';

export type CurvePart = 'value' | 'instant' | 'average' | 'min' | 'max' | 'band' | 'span' | 'marks';

export type SleepPart =
  'start' | 'end' | 'stages' | 'cycles' | 'movements' | 'beta' | 'provisional' | 'heart_rate_drop';

export const ignored = (reason: IgnoredField['ignored'], ...paths: string[]): IgnoredField[] =>
  paths.map((path) => ({ path, ignored: reason }));

export const isMapped = (field: VendorField): field is MappedField => 'place' in field;
