import {
  SERIES_TYPES,
  type NightCurve,
  type NightCurveCode,
  type SleepSession,
} from '../../../health-data/canonical';
import { isNothing, isSection, type Section } from '../ultrahuman.payload';
import { isMapped, type Unit } from '../vendor-table/vendor-field';
import { VENDOR_TABLE } from '../vendor-table/vendor-table';
import type { BedTimes } from './bed-times';
import type { Findings } from './findings';
import { toInstant, toNumber } from './numbers';
import { rowsOf, SampleList, takePoints } from './points';
import { EDGE_MS } from './sleep-stages';
import { conversion, type Convert } from './units';

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
  const curve = { ...samples.sorted(), ...annotations(around, { path, range, from, to, convert }, findings) };
  return curve.instants.length > 0 || Object.keys(curve).length > 2 ? curve : null;
}

interface AroundCurve {
  path: string;
  range: readonly [number, number];
  from: number;
  to: number;
  convert: Convert;
}

/** What stands around the points. */
function annotations(graph: Section, rules: AroundCurve, findings: Findings): Partial<NightCurve> {
  const { path, range, from, to, convert } = rules;
  const level = (value: unknown, below: string) => {
    const told = toNumber(value);
    return told === null ? null : within(convert(told), range, `${path}.${below}`, findings);
  };
  const instant = (value: unknown, below: string) => {
    const at = toInstant(value);
    return at === null ? null : within(at, [from, to], `${path}.${below}`, findings);
  };
  const { gist_object: gist, zone, vertical_zone: vertical } = graph;
  const statistics = isSection(gist)
    ? {
        average: level(gist.avg, 'gist_object.avg'),
        min: level(gist.min, 'gist_object.min'),
        max: level(gist.max, 'gist_object.max'),
      }
    : {};
  const [low, high] = isSection(zone) ? [level(zone.start, 'zone.start'), level(zone.end, 'zone.end')] : [];
  const [start, end] = isSection(vertical)
    ? [instant(vertical.start, 'vertical_zone.start'), instant(vertical.end, 'vertical_zone.end')]
    : [];
  const marks = rowsOf(graph.marks).flatMap((mark) => {
    const at = isSection(mark) ? instant(mark.mark_point, 'marks.mark_point') : null;
    return isSection(mark) && at !== null ? [{ kind: wordOf(mark.mark_type), at }] : [];
  });
  return {
    ...(Object.values(statistics).some((it) => it !== null) && {
      statistics: statistics as NightCurve['statistics'],
    }),
    ...(isNumber(low) && isNumber(high) && { band: { low, high } }),
    ...(isNumber(start) && isNumber(end) && { span: { start, end } }),
    ...(marks.length > 0 && { marks }),
  };
}

function within(
  value: number,
  [min, max]: readonly [number, number],
  path: string,
  findings: Findings,
): number | null {
  if (value >= min && value <= max) return value;
  findings.reject(path, Number.isNaN(value) ? 'malformed' : 'out_of_range', value);
  return null;
}

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number';

const wordOf = (value: unknown): string | null =>
  typeof value === 'string' && !isNothing(value) && /^[\w -]{1,40}$/.test(value) ? value : null;
