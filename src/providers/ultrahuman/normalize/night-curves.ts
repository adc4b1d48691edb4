import {
  SERIES_TYPES,
  type NightCurve,
  type NightCurveCode,
  type SleepSession,
} from '../../../health-data/canonical';
import { isSection, type Section } from '../ultrahuman.payload';
import { isMapped, type Unit } from '../vendor-table/vendor-field';
import { VENDOR_TABLE } from '../vendor-table/vendor-table';
import type { BedTimes } from './bed-times';
import { annotationsOf, AroundCurve } from './curve-annotations';
import type { Findings } from './findings';
import { rowsOf, SampleList, takePoints } from './points';
import { EDGE_MS } from './sleep-stages';
import { conversion } from './units';

interface CurveField {
  field: string;
  code: NightCurveCode;
  unit: Unit | null;
}

const CURVES: CurveField[] = VENDOR_TABLE.filter(isMapped).flatMap(({ path, place, unit }) =>
  place.in === 'curve' && place.part === 'value'
    ? [{ field: path.split('.')[1], code: place.code, unit }]
    : [],
);
/** Breaths a minute: no series of this server. */
const RESPIRATORY_RANGE = [3, 60] as const;

/** `{data: [{timestamp, value}, …], gist_object, zone, vertical_zone, marks}`: smoothed, so no samples of a series. */
export function nightCurves(section: Section, times: BedTimes, findings: Findings): SleepSession['graphs'] {
  const curves: SleepSession['graphs'] = {};
  for (const curve of CURVES) {
    const found = curveOf(section[curve.field], curve, times, findings);
    if (found) curves[curve.code] = found;
  }
  return curves;
}

function curveOf(
  graph: unknown,
  { field, code, unit }: CurveField,
  { start, end }: BedTimes,
  findings: Findings,
): NightCurve | null {
  const path = `sleep.${field}`;
  const points = rowsOf(graph);
  const around = isSection(graph) ? graph : {};
  const convert = conversion(unit, around.unit);
  if (convert === null) {
    findings.reject(path, 'unknown_unit', around.unit, points.length);
    return null;
  }
  const range = code === 'respiratory_rate' ? RESPIRATORY_RANGE : SERIES_TYPES[code].hardRange;
  const [from, to] = [start - EDGE_MS, end + EDGE_MS];
  const samples = new SampleList();
  takePoints(points, { path, from, to, outside: 'malformed', range, convert }, samples, findings);
  const curve = {
    ...samples.sorted(),
    ...annotationsOf(around, new AroundCurve({ path, range, from, to, convert }, findings)),
  };
  return curve.instants.length > 0 || Object.keys(curve).length > 2 ? curve : null;
}
