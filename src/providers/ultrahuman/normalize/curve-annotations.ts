import type { NightCurve } from '../../../health-data/canonical';
import { isSection, type Section } from '../ultrahuman.payload';
import type { Findings } from './findings';
import { toInstant, toNumber } from './numbers';
import { rowsOf, type PointRules } from './points';

/** Reads what stands around a curve: levels in its unit, and instants of its night. */
export class AroundCurve {
  constructor(
    private readonly rules: Omit<PointRules, 'outside'>,
    private readonly findings: Findings,
  ) {}

  level(holder: Section, field: string, key: string): number | null {
    const { range, convert } = this.rules;
    const told = toNumber(holder[key]);
    return told === null ? null : this.within(convert(told), range, `${field}.${key}`);
  }

  instant(holder: Section, field: string, key: string): number | null {
    const { from, to } = this.rules;
    const at = toInstant(holder[key]);
    return at === null ? null : this.within(at, [from, to], `${field}.${key}`);
  }

  private within(value: number, [min, max]: readonly [number, number], field: string): number | null {
    if (value >= min && value <= max) return value;
    const reason = Number.isNaN(value) ? 'malformed' : 'out_of_range';
    this.findings.reject(`${this.rules.path}.${field}`, reason, value);
    return null;
  }
}

export function annotationsOf(graph: Section, around: AroundCurve): Partial<NightCurve> {
  return {
    ...statisticsOf(graph.gist_object, around),
    ...bandOf(graph.zone, around),
    ...spanOf(graph.vertical_zone, around),
    ...marksOf(graph.marks, around),
  };
}

function statisticsOf(gist: unknown, around: AroundCurve): Pick<NightCurve, 'statistics'> {
  if (!isSection(gist)) return {};
  const average = around.level(gist, 'gist_object', 'avg');
  const min = around.level(gist, 'gist_object', 'min');
  const max = around.level(gist, 'gist_object', 'max');
  const isSilent = average === null && min === null && max === null;
  return isSilent ? {} : { statistics: { average, min, max } };
}

function bandOf(zone: unknown, around: AroundCurve): Pick<NightCurve, 'band'> {
  if (!isSection(zone)) return {};
  const low = around.level(zone, 'zone', 'start');
  const high = around.level(zone, 'zone', 'end');
  return low === null || high === null ? {} : { band: { low, high } };
}

function spanOf(zone: unknown, around: AroundCurve): Pick<NightCurve, 'span'> {
  if (!isSection(zone)) return {};
  const start = around.instant(zone, 'vertical_zone', 'start');
  const end = around.instant(zone, 'vertical_zone', 'end');
  return start === null || end === null ? {} : { span: { start, end } };
}

function marksOf(rows: unknown, around: AroundCurve): Pick<NightCurve, 'marks'> {
  const marks = rowsOf(rows).flatMap((mark) => {
    if (!isSection(mark)) return [];
    const at = around.instant(mark, 'marks', 'mark_point');
    return at === null ? [] : [{ kind: wordOf(mark.mark_type), at }];
  });
  return marks.length > 0 ? { marks } : {};
}

const wordOf = (value: unknown): string | null =>
  typeof value === 'string' && /^[\w -]{1,40}$/.test(value) ? value : null;
