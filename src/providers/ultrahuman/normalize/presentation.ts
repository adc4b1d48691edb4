import { isNothing, type Section } from '../ultrahuman.payload';
import { keyPath, type Findings } from './findings';

/** The vendor's answers feed its own app: texts, colours, links and trends lie between the data. */
const PRESENTATION =
  /title|display|text|html|colou?r|link|trend|track|icon|badge|^tag|tiled|education|legend|gist|zone|marks|header|interpretation|info_?button|^unit$|^status$|^is_/i;

/** Holds no data of its own: never counted as something that is not understood. */
export const isPresentation = (field: string): boolean => PRESENTATION.test(field);

/** Another reading of what the same section says elsewhere. */
const DERIVED: Record<string, readonly string[]> = {
  series: ['avg', 'last_reading'],
  scalar: [],
  // The difference of its two ends.
  sleep: ['time_in_bed'],
};

/** Counts the fields that hold something and that nobody reads. */
export function sightUnknownFields(
  kind: keyof typeof DERIVED,
  path: string,
  section: Section,
  read: readonly string[],
  findings: Findings,
): void {
  for (const [field, value] of Object.entries(section)) {
    if (field === 'day_start_timestamp' || read.includes(field) || DERIVED[kind].includes(field)) continue;
    if (!isPresentation(field) && !isNothing(value)) findings.sight(`${path}.${keyPath(field)}`);
  }
}

export function holdsData(section: Section): boolean {
  return Object.entries(section).some(
    ([field, value]) => field !== 'day_start_timestamp' && !isPresentation(field) && !isNothing(value),
  );
}
