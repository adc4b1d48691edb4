import { SERIES_TYPES, type SeriesCode } from '../../src/health-data/canonical';
import { isMapped } from '../../src/providers/ultrahuman/vendor-table/vendor-field';
import { VENDOR_TABLE } from '../../src/providers/ultrahuman/vendor-table/vendor-table';
import type { Emitted } from './emitted';
import { ADDITIVE, codeName, scoreName } from './wire-places';

/** Marks of the notes that stand under the table. */
const NOTES: Partial<Record<SeriesCode, string>> = {
  heart_rate_variability_rmssd: ' ¹',
  resting_heart_rate: ' ²',
  vo2_max: ' ²',
  glucose_time_in_target: ' ³',
};

const UNITS: Record<string, string> = {
  celsius: '°C',
  percent: '%',
  mg_dl: 'mg/dL',
  ml_kg_min: 'ml/kg/min',
  minutes: 'min',
};

/** The readme's table of what is covered, in the order of our own list of codes. */
export function readmeTable(emitted: Emitted): string {
  const rows = [
    ['Ultrahuman', 'Vitalbase', 'Where to read it'],
    ['---', '---', '---'],
    sleepRow(emitted),
    ...(Object.keys(SERIES_TYPES) as SeriesCode[]).flatMap((code) => codeRow(code, emitted)),
    scoreRow(emitted),
    ['–', 'workouts: not offered by the provider, an empty page', '`events/workouts`'],
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function codeRow(code: SeriesCode, { series, daily }: Emitted): string[][] {
  const kinds = [
    ...(series.has(code) ? ['samples'] : []),
    ...(daily.has(code) ? [series.has(code) ? "the day's total" : 'a value a day'] : []),
  ];
  if (kinds.length === 0) return [];
  const { unit } = SERIES_TYPES[code];
  const ours = `${codeName(code)}, ${UNITS[unit] ?? unit}: ${kinds.join(' and ')}${NOTES[code] ?? ''}`;
  return [[vendorTypes(code).join(', '), ours, '`timeseries`']];
}

/** The vendor's types that become this code. */
function vendorTypes(code: SeriesCode): string[] {
  const paths = VENDOR_TABLE.filter(isMapped).flatMap(({ path, place }) =>
    (place.in === 'series' || place.in === 'daily') && place.code === code ? [path] : [],
  );
  const types = paths.map((path) => path.split('.').slice(0, path.startsWith('sleep.') ? 2 : 1));
  return [...new Set(types.map((keys) => `\`${keys.at(-1)}\``))];
}

/** Open Wearables' own fields of a sleep begin like that; the others are additive. */
const fieldMark = (field: string) => (field.startsWith('sleep_') ? '' : ADDITIVE);

function sleepRow({ sleepFields }: Emitted): string[] {
  const named = [...sleepFields].toSorted().map((field) => `\`${field}\`${fieldMark(field)}`);
  return [
    '`Sleep`',
    `sleeps, naps and their hypnograms: ${named.join(', ')}`,
    '`events/sleep`, with `include=details`; `summaries/sleep`',
  ];
}

function scoreRow({ scores }: Emitted): string[] {
  const types = VENDOR_TABLE.filter(isMapped).flatMap(({ path, place }) =>
    place.in === 'score' && place.part === 'value' && scores.has(place.category) && !path.startsWith('sleep.')
      ? [`\`${path.split('.')[0]}\``]
      : [],
  );
  return [
    [...new Set(types)].join(', '),
    `scores ${[...scores].toSorted().map(scoreName).join(', ')}, 0–100`,
    '`health-scores`, `summaries/recovery`',
  ];
}
