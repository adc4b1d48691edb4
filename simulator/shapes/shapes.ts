import {
  caseFlip,
  dayRewritten,
  duplicateTypes,
  emptyGraphs,
  missingField,
  newEnumValue,
  newField,
  newType,
  nullEntries,
  rolledBack,
} from './entry-shapes';
import { dataList, dayRemoved, errorIn200, huge, otherDateKey } from './envelope-shapes';
import { legacy2022 } from './legacy-shape';
import { Shape } from './opened-answer';
import { scoresOutOfTen, secondsVersusMinutes } from './scalar-shapes';
import {
  duplicatePoints,
  milliseconds,
  nanLike,
  negative,
  nulls,
  outOfRange,
  shifted,
  stringNumbers,
  unordered,
} from './value-shapes';

/** What a day's answer can be turned into; one line on each in the README. */
export const SHAPES = {
  duplicate_points: duplicatePoints,
  unordered,
  shifted,
  nulls,
  string_numbers: stringNumbers,
  nan_like: nanLike,
  negative,
  out_of_range: outOfRange,
  milliseconds,
  day_rewritten: dayRewritten,
  day_removed: dayRemoved,
  rolled_back: rolledBack,
  new_type: newType,
  new_field: newField,
  new_enum_value: newEnumValue,
  missing_field: missingField,
  scores_0_10: scoresOutOfTen,
  seconds_vs_minutes: secondsVersusMinutes,
  case_flip: caseFlip,
  huge,
  empty_graphs: emptyGraphs,
  duplicate_types: duplicateTypes,
  other_date_key: otherDateKey,
  null_entries: nullEntries,
  error_in_200: errorIn200,
  legacy_2022: legacy2022,
  data_list: dataList,
} satisfies Record<string, Shape>;

/** The one shape that leaves the body alone. */
const wrongContentType = 'wrong_content_type';

export type ShapeName = keyof typeof SHAPES | typeof wrongContentType;

export const SHAPE_NAMES: string[] = [...Object.keys(SHAPES), wrongContentType];

export function isShapeName(value: unknown): value is ShapeName {
  return typeof value === 'string' && SHAPE_NAMES.includes(value);
}
