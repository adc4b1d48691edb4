import type { SeriesCode } from '../../../health-data/canonical';
import type { MappedField, Unit, VendorField } from './vendor-field';

/** `{values: [{value, timestamp}, …]}`, points about every five minutes; section 3.1 of what is known of the vendor. */
function series(
  type: string,
  canonical: string,
  code: SeriesCode,
  unit: Unit,
  ofNight?: true,
): VendorField[] {
  return [
    {
      path: `${type}.values[].value`,
      canonical,
      place: { in: 'series', code, part: 'value', ofNight },
      unit,
    },
    {
      path: `${type}.values[].timestamp`,
      canonical,
      place: { in: 'series', code, part: 'instant', ofNight },
      unit: 'epoch_seconds',
    },
    // The figure on the app's tile, rounded: the last of the values. With an instant of its own too it is no further
    // sample: the steps of an interval would count twice.
    { path: `${type}.last_reading`, ignored: 'text' },
  ];
}

function daily(path: string, canonical: string, code: SeriesCode, unit: Unit): MappedField {
  return { path, canonical, place: { in: 'daily', code }, unit };
}

export const SERIES_FIELDS: readonly VendorField[] = [
  ...series('hr', 'heart_rate', 'heart_rate', 'bpm'),
  // By the vendor's own words RMSSD, whatever clients have called it.
  ...series('hrv', 'hrv_rmssd', 'heart_rate_variability_rmssd', 'ms'),
  daily('hrv.avg', 'hrv_rmssd_daily_avg', 'average_heart_rate_variability_rmssd', 'ms'),
  ...series('temp', 'skin_temperature', 'skin_temperature', 'celsius'),
  ...series('steps', 'steps', 'steps', 'count'),
  // Answers of 2022 had no total: there the intervals add up to it.
  daily('steps.total', 'steps_daily', 'steps', 'count'),
  daily('steps.avg', 'steps_interval_avg', 'steps_per_interval', 'count'),
  ...series('spo2', 'oxygen_saturation', 'oxygen_saturation', 'percent'),
  daily('spo2.avg', 'oxygen_saturation_daily_avg', 'average_oxygen_saturation', 'percent'),
  ...series('night_rhr', 'sleeping_resting_heart_rate', 'sleeping_heart_rate', 'bpm', true),
  {
    path: 'night_rhr.avg',
    canonical: 'resting_heart_rate',
    place: { in: 'night', figure: 'average_resting_heart_rate' },
    unit: 'bpm',
  },
  ...series('motion', 'motion_index', 'motion_index', 'count'),
  // The generation of 2022 hung the night on the movements.
  ...['sleep_graph', 'movement_graph', 'hr_graph', 'hrv_graph', 'temp_graph', 'summary'].map((field) => ({
    path: `motion.${field}`,
    sameAs: `sleep.${field}`,
  })),
  ...series('glucose', 'glucose_interstitial', 'blood_glucose', 'mg_dl'),
];
