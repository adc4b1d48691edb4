import { SERIES_TYPES, type DailyValue, type SeriesSamples } from '../../../health-data/canonical';
import { dailyCodeOf, type NightFigure } from '../vendor-table/night-figures';
import type { Evidence } from '../vendor-table/vendor-field';
import { toNumber } from './numbers';
import type { AskedDay } from './asked-day';
import type { DailyFigure, Figures } from './figures';
import type { Findings } from './findings';
import type { Sections } from './sections';

/** What an answer holds that shows when its values were measured. */
export interface DayEvidence {
  slept: boolean;
  series: SeriesSamples[];
}

export function dailyValues(
  figures: Figures,
  sections: Sections,
  evidence: DayEvidence,
  day: AskedDay,
  findings: Findings,
): DailyValue[] {
  return [
    ...addedUpSteps(figures, sections, evidence, day),
    ...[...figures.daily].flatMap(([code, figure]) => {
      if (isMeasured(figure, figures, evidence)) return [toDaily(figure, { code, date: day.date })];
      findings.reject(figure.field.path, 'stale', figure.value);
      return [];
    }),
    ...(evidence.slept ? [] : nightAsDaily(figures, day)),
  ];
}

function toDaily(
  { value, field: { place } }: DailyFigure,
  { code, date }: Omit<DailyValue, 'value'>,
): DailyValue {
  const target = place.in === 'daily' ? place.target : undefined;
  return { code, date, value, ...(target && { target: { ...target } }) };
}

/**
 * Some values the vendor repeats until it has new ones: before the morning's phone sync, and on days without the ring.
 * Only what the same answer backs was measured on this day.
 */
function isMeasured({ field: { place } }: DailyFigure, { night }: Figures, evidence: DayEvidence): boolean {
  const needed: Evidence | undefined = place.in === 'daily' ? place.measuredWith : undefined;
  if (needed === undefined || evidence.slept) return true;
  return needed === 'a night'
    ? night.has('average_hrv')
    : evidence.series.some(({ code }) => code === 'heart_rate');
}

/** Answers of 2022 had no total: the intervals add up to it. A total that cannot be true is none that is missing. */
function addedUpSteps(
  figures: Figures,
  sections: Sections,
  { series }: DayEvidence,
  { date }: AskedDay,
): DailyValue[] {
  const intervals = series.find(({ code }) => code === 'steps');
  const isTold = sections.of('steps').some(({ total }) => toNumber(total) !== null);
  if (!intervals || isTold || figures.daily.has('steps')) return [];
  return [{ code: 'steps', date, value: intervals.values.reduce((sum, count) => sum + count, 0) }];
}

/** What is told of a night without saying when it was. */
function nightAsDaily({ night }: Figures, { date }: AskedDay): DailyValue[] {
  return [...night].flatMap(([figure, value]) => nightValue(figure, value, date));
}

function nightValue(figure: NightFigure, value: number, date: string): DailyValue[] {
  const code = dailyCodeOf(figure);
  if (code === null) return [];
  // The only figures in another unit than their code are durations.
  return [{ code, date, value: SERIES_TYPES[code].unit === 'minutes' ? value / 60 : value }];
}
