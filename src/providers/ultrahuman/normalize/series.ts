import { SERIES_TYPES, type SeriesCode, type SeriesSamples } from '../../../health-data/canonical';
import { isNothing, type Section } from '../ultrahuman.payload';
import { isMapped, type Unit } from '../vendor-table/vendor-field';
import { VENDOR_TABLE } from '../vendor-table/vendor-table';
import type { AskedDay } from './asked-day';
import type { Findings } from './findings';
import { rowsOf, SampleList, takePoints } from './points';
import type { Sections } from './sections';
import { conversion } from './units';

interface SeriesField {
  type: string;
  code: SeriesCode;
  unit: Unit | null;
  ofNight: boolean;
}

/** A night that ends on the date began on the evening before it. */
const EVENING_MS = 12 * 3_600_000;

const SERIES: SeriesField[] = VENDOR_TABLE.filter(isMapped).flatMap(({ path, place, unit }) =>
  place.in === 'series' && place.part === 'value'
    ? [{ type: path.split('.')[0], code: place.code, unit, ofNight: place.ofNight === true }]
    : [],
);

/** Cadence is jittered, float32 noise is the vendor's, and zero steps are a count. */
export function collectSeries(sections: Sections, day: AskedDay, findings: Findings): SeriesSamples[] {
  return SERIES.flatMap((field) => {
    const samples = new SampleList();
    for (const section of sections.of(field.type)) takeSection(section, field, day, samples, findings);
    const { instants, values } = samples.sorted();
    return instants.length > 0 ? [{ code: field.code, instants, values }] : [];
  });
}

function takeSection(
  section: Section,
  { type, code, unit, ofNight }: SeriesField,
  day: AskedDay,
  samples: SampleList,
  findings: Findings,
): void {
  const points = pointsOf(section, type, findings);
  const convert = conversion(unit, section.unit);
  if (convert === null) return findings.reject(type, 'unknown_unit', section.unit, points.length);
  const rules = {
    path: type,
    from: day.earliestStart - (ofNight ? EVENING_MS : 0),
    to: day.latestEnd,
    outside: 'other_day' as const,
    range: SERIES_TYPES[code].hardRange,
    convert,
  };
  takePoints(points, rules, samples, findings);
}

/** The app's tile is none of the samples, but where it stands alone there may be data that is missed. */
function pointsOf({ values, last_reading: tile }: Section, type: string, findings: Findings) {
  if (values === undefined && !isNothing(tile)) findings.sight('field', `${type}.last_reading`, tile);
  return rowsOf(values);
}
