import { DAILY_RANGES, SERIES_TYPES } from '../../../health-data/canonical';
import { parsePath, type PathStep } from './field-path';
import { NIGHT_FIGURES } from './night-figures';
import { isMapped, type MappedField, type Place, type Unit } from './vendor-field';
import { VENDOR_TABLE } from './vendor-table';

type FigurePlace = Extract<Place, { in: 'daily' | 'night' | 'score' }>;

/** A row of the vendor table that names one number. */
export interface FigureField {
  /** The vendor's type. */
  type: string;
  steps: PathStep[];
  /** For what could not be used: the row's path without the choice of an item. */
  path: string;
  place: FigurePlace;
  unit: Unit | null;
  /** From the documented unit to ours. */
  factor: number;
  /** In our unit, both ends allowed. */
  range: readonly [min: number, max: number];
  plus: string | undefined;
}

const SECONDS_IN: Partial<Record<Unit, number>> = { seconds: 1, minutes: 60, hours: 3_600 };

const FIGURE_FIELDS: FigureField[] = VENDOR_TABLE.filter(isMapped).flatMap((field) => {
  const { place } = field;
  const isFigure =
    place.in === 'daily' ||
    place.in === 'night' ||
    (place.in === 'score' && (place.part === 'value' || place.name !== undefined));
  return isFigure ? [figureField(field, place)] : [];
});

/** The rows of the sleep itself, and those of all other types. */
export const SLEEP_FIGURES = FIGURE_FIELDS.filter(({ type }) => type === 'sleep');
export const OTHER_FIGURES = FIGURE_FIELDS.filter(({ type }) => type !== 'sleep');

function figureField({ path, unit, plus }: MappedField, place: FigurePlace): FigureField {
  return {
    ...parsePath(path),
    path: path.replaceAll(/\[(\w+)\]/g, '.$1').replace(/^(\w+)\.value$/, '$1'),
    place,
    unit,
    factor: factorOf(unit, place),
    range: rangeOf(place),
    plus,
  };
}

/** Nights are told in seconds, days in the unit of their code; scores go to 100. */
function factorOf(unit: Unit | null, place: FigurePlace): number {
  if (unit === 'score_of_10') return 10;
  const seconds = unit === null ? undefined : SECONDS_IN[unit];
  if (seconds === undefined || place.in === 'score') return 1;
  const ours = place.in === 'night' ? NIGHT_FIGURES[place.figure].unit : SERIES_TYPES[place.code].unit;
  return ours === 'minutes' ? seconds / 60 : seconds;
}

function rangeOf(place: FigurePlace): readonly [number, number] {
  if (place.in === 'night') return NIGHT_FIGURES[place.figure].range;
  if (place.in === 'daily') return DAILY_RANGES[place.code] ?? SERIES_TYPES[place.code].hardRange;
  return [0, 100];
}
