import { SERIES_TYPES, type ScoreCategory, type SeriesCode } from '../../src/health-data/canonical';
import { OPEN_WEARABLES_CODES } from '../../src/health-data/open-wearables-codes';
import type { NightFigure } from '../../src/providers/ultrahuman/vendor-table/night-figures';
import type { CurvePart, Place, SleepPart } from '../../src/providers/ultrahuman/vendor-table/vendor-field';

/** Where a client finds what a vendor's field becomes. */
export interface WirePlace {
  /** A series type, a field, or a score. */
  name: string;
  unit: string;
  route: string;
}

/** Marks what Open Wearables does not have. */
export const ADDITIVE = '⁺';

const SLEEP = '`events/sleep`';
const SUMMARIES = '`events/sleep`, `summaries/sleep`';
const DETAILS = '`events/sleep`, details';

const NIGHT_FIELDS: Record<NightFigure, WirePlace> = {
  total_sleep: { name: '`sleep_duration_seconds`', unit: 'seconds', route: SLEEP },
  time_in_bed: { name: '`time_in_bed_seconds`', unit: 'seconds', route: DETAILS },
  deep: { name: '`stages.deep_minutes`', unit: 'minutes', route: SUMMARIES },
  light: { name: '`stages.light_minutes`', unit: 'minutes', route: SUMMARIES },
  rem: { name: '`stages.rem_minutes`', unit: 'minutes', route: SUMMARIES },
  awake: { name: '`stages.awake_minutes`', unit: 'minutes', route: SUMMARIES },
  deep_percent: { name: '`stage_percent.deep`', unit: 'percent', route: DETAILS },
  light_percent: { name: '`stage_percent.light`', unit: 'percent', route: DETAILS },
  rem_percent: { name: '`stage_percent.rem`', unit: 'percent', route: DETAILS },
  awake_percent: { name: '`stage_percent.awake`', unit: 'percent', route: DETAILS },
  efficiency: { name: '`efficiency_percent`', unit: 'percent', route: SUMMARIES },
  restorative: { name: '`restorative_percent`', unit: 'percent', route: DETAILS },
  full_cycles: { name: '`full_cycles_count`', unit: 'count', route: DETAILS },
  toss_turns: { name: '`toss_turn_count`', unit: 'count', route: DETAILS },
  average_heart_rate: { name: '`avg_heart_rate_bpm`', unit: 'bpm', route: `${DETAILS}; \`summaries/sleep\`` },
  average_hrv: { name: '`avg_hrv_rmssd_ms`', unit: 'ms', route: `${DETAILS}; \`summaries/sleep\`` },
  average_spo2: { name: '`avg_spo2_percent`', unit: 'percent', route: `${DETAILS}; \`summaries/sleep\`` },
  average_resting_heart_rate: { name: '`avg_resting_heart_rate_bpm`', unit: 'bpm', route: DETAILS },
  heart_rate_drop: { name: '`heart_rate_drop.value_bpm`', unit: 'bpm', route: DETAILS },
};

const SLEEP_PARTS: Record<SleepPart, WirePlace> = {
  start: { name: '`start_time`', unit: 'instant', route: SUMMARIES },
  end: { name: '`end_time`', unit: 'instant', route: SUMMARIES },
  stages: { name: '`sleep_stage_intervals`', unit: '', route: SLEEP },
  cycles: { name: '`cycles`', unit: '', route: DETAILS },
  movements: { name: '`movements`', unit: '', route: DETAILS },
  beta: { name: '`beta`', unit: '', route: DETAILS },
  provisional: { name: '`provisional`', unit: '', route: DETAILS },
  heart_rate_drop: { name: '`heart_rate_drop.timestamp`', unit: 'instant', route: DETAILS },
};

const CURVE_PARTS: Record<CurvePart, string> = {
  value: 'values',
  instant: 'timestamps',
  average: 'statistics.average',
  min: 'statistics.min',
  max: 'statistics.max',
  band: 'band',
  span: 'span',
  marks: 'marks',
};

export const isAdditive = (code: SeriesCode): boolean =>
  !OPEN_WEARABLES_CODES.includes(code as (typeof OPEN_WEARABLES_CODES)[number]);

/** A series type as a name, marked if it is additive. */
export const codeName = (code: SeriesCode): string => `\`${code}\`${isAdditive(code) ? ADDITIVE : ''}`;

export const scoreName = (category: ScoreCategory): string =>
  `\`${category}\`${category === 'metabolic' ? ADDITIVE : ''}`;

/** Null for what a client does not see: calendar and checks. */
export function wirePlace(place: Place): WirePlace | null {
  switch (place.in) {
    case 'series':
      return { name: codeName(place.code), unit: SERIES_TYPES[place.code].unit, route: '`timeseries`' };
    case 'daily':
      return {
        name: `${codeName(place.code)} of the day`,
        unit: SERIES_TYPES[place.code].unit,
        route: '`timeseries`',
      };
    case 'night':
      return NIGHT_FIELDS[place.figure];
    case 'sleep':
      return SLEEP_PARTS[place.part];
    case 'curve':
      return { name: `\`graphs.${place.code}.${CURVE_PARTS[place.part]}\``, unit: '', route: DETAILS };
    case 'score': {
      const part = place.part === 'component' ? ', `components`' : '';
      return { name: `score ${scoreName(place.category)}${part}`, unit: '0–100', route: '`health-scores`' };
    }
    default:
      return null;
  }
}
