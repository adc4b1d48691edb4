import type { ScoreCategory, SeriesCode } from '../../../health-data/canonical';
import { isSection, type Section } from '../ultrahuman.payload';
import type { PathStep } from '../vendor-table/field-path';
import type { FigureField } from '../vendor-table/figure-fields';
import type { NightFigure } from '../vendor-table/night-figures';
import type { Findings } from './findings';
import { toNumber } from './numbers';
import { conversion } from './units';

export interface DailyFigure {
  value: number;
  field: FigureField;
}

export interface ScoreFigure {
  value: number;
  scaleMax?: 10;
}

/** Single numbers by what they are: of several fields for one of them the first in the table that is there. */
export class Figures {
  readonly night = new Map<NightFigure, number>();
  readonly daily = new Map<SeriesCode, DailyFigure>();
  readonly scores = new Map<ScoreCategory, ScoreFigure>();
  /** What went into the score of a sleep, by name. */
  readonly components = new Map<string, number>();

  addMissing(others: Figures): void {
    addMissing(this.night, others.night);
    addMissing(this.daily, others.daily);
    addMissing(this.scores, others.scores);
    addMissing(this.components, others.components);
  }
}

/** @param sectionsOf a type may come more than once: the last number counts */
export function readFigures(
  fields: readonly FigureField[],
  sectionsOf: (type: string) => readonly Section[],
  findings: Findings,
): Figures {
  const figures = new Figures();
  for (const field of fields) {
    let last: number | null = null;
    for (const section of sectionsOf(field.type)) last = numberIn(section, field, findings) ?? last;
    if (last !== null) keepFirst(figures, field, last, findings);
  }
  return figures;
}

/** Indices go to 100, and none that was ever seen stood below this: smaller ones may be on a scale of ten. */
const SMALLEST_LIKELY_SCORE = 10;

function keepFirst(figures: Figures, field: FigureField, value: number, findings: Findings): void {
  const { place, unit, path } = field;
  if (place.in === 'night') addOne(figures.night, place.figure, value);
  else if (place.in === 'daily') addOne(figures.daily, place.code, { value, field });
  else if (place.part === 'component') addOne(figures.components, place.name!, value);
  else if (unit === 'score_of_10')
    addOne(figures.scores, place.category, { value: Number(value.toFixed(6)), scaleMax: 10 });
  else {
    addOne(figures.scores, place.category, { value });
    if (value > 0 && value <= SMALLEST_LIKELY_SCORE) findings.sightWord(`${path}.scale`, value);
  }
}

function numberIn(section: Section, field: FigureField, findings: Findings): number | null {
  const holder = holderOf(section, field.steps);
  const key = field.steps[field.steps.length - 1].key;
  const value = toNumber(holder?.[key]);
  if (holder === null || value === null) return null;
  // In words it is the state that stands in the summary.
  if (isComponent(field) && Number.isNaN(value) && typeof holder[key] === 'string') return null;
  const convert = conversion(field.unit, holder.unit);
  if (convert === null) {
    findings.reject(field.path, 'unknown_unit', holder.unit);
    return null;
  }
  const rest = field.plus === undefined ? 0 : (toNumber(holder[field.plus]) ?? 0) / 60;
  const measured = (convert(value) + rest) * field.factor;
  const [min, max] = field.range;
  if (measured >= min && measured <= max) return measured;
  findings.reject(field.path, Number.isNaN(measured) ? 'malformed' : 'out_of_range', holder[key]);
  return null;
}

const isComponent = ({ place }: FigureField): boolean => place.in === 'score' && place.part === 'component';

/** The object that the last step is a key of. */
function holderOf(section: Section, steps: PathStep[]): Section | null {
  let holder: Section = section;
  for (let index = 0; index < steps.length - 1; index += 1) {
    const { key, pick } = steps[index];
    const next = pick === null ? holder[key] : lastOfType(holder[key], pick, steps[index + 1].key);
    if (!isSection(next)) return null;
    holder = next;
  }
  return holder;
}

function lastOfType(items: unknown, word: string, key: string): unknown {
  if (!Array.isArray(items)) return null;
  return items.findLast(
    (item) =>
      isSection(item) &&
      typeof item.type === 'string' &&
      item.type.toLowerCase() === word &&
      toNumber(item[key]) !== null,
  );
}

function addOne<K, V>(known: Map<K, V>, key: K, value: V): void {
  if (!known.has(key)) known.set(key, value);
}

function addMissing<K, V>(known: Map<K, V>, others: Map<K, V>): void {
  for (const [key, value] of others) addOne(known, key, value);
}
