import type { NightCurveCode } from '../../../health-data/canonical';
import type { CurvePart, MappedField, Unit, VendorField } from './vendor-field';

/** Smoothed by the vendor onto about five minutes: shown with the sleep, no samples of a series. */
function curve(field: string, canonical: string, code: NightCurveCode, unit: Unit): VendorField[] {
  const part = (path: string, part: CurvePart, unit: Unit | null): MappedField => ({
    path: `sleep.${field}.${path}`,
    canonical,
    place: { in: 'curve', code, part },
    unit,
  });
  return [
    part('data[].value', 'value', unit),
    part('data[].timestamp', 'instant', 'epoch_seconds'),
    part('gist_object.avg', 'average', unit),
    part('gist_object.min', 'min', unit),
    part('gist_object.max', 'max', unit),
    part('zone.start', 'band', unit),
    part('zone.end', 'band', unit),
    part('vertical_zone.start', 'span', 'epoch_seconds'),
    part('vertical_zone.end', 'span', 'epoch_seconds'),
    part('marks[].mark_type', 'marks', null),
    part('marks[].mark_point', 'marks', 'epoch_seconds'),
    { path: `sleep.${field}.marks[].mark_color`, ignored: 'colour' },
    { path: `sleep.${field}.info_button.title`, ignored: 'title' },
    { path: `sleep.${field}.info_button.deeplink`, ignored: 'deeplink' },
  ];
}

export const CURVE_FIELDS: readonly VendorField[] = [
  ...curve('hr_graph', 'heart_rate', 'heart_rate', 'bpm'),
  ...curve('hrv_graph', 'hrv_rmssd', 'heart_rate_variability_rmssd', 'ms'),
  ...curve('temp_graph', 'skin_temperature', 'skin_temperature', 'celsius'),
  // Null in every answer seen so far.
  ...curve('respiratory_graph', 'respiratory_rate', 'respiratory_rate', 'bpm'),
];
