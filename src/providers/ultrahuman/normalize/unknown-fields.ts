import { isKnownEverywhere, knownType, type KnownField } from '../vendor-table/known-fields';
import { isNothing, isSection, type Section } from '../ultrahuman.payload';
import { keyPath, type Findings } from './findings';

/**
 * Holds one metric against the vendor table: counts fields and words that hold something and that it does not know,
 * and refuses what has another form than it should. A type that it does not know at all is counted as a whole.
 */
export function sightUnknown(type: string, section: Section, findings: Findings): void {
  const known = knownType(type);
  if (known) visitSection(type, section, known, findings);
  else if (holdsData(section)) findings.sight('type', type, section);
}

/** What lies around the metrics. */
export function sightUnknownAround(envelope: Section, findings: Findings): void {
  visitSection('envelope', envelope, knownType('$')!, findings);
}

/** Something besides titles, units and the day. */
export const holdsData = (section: Section): boolean =>
  Object.entries(section).some(([key, value]) => !isKnownEverywhere(key) && !isNothing(value));

function visitSection(path: string, section: Section, { below }: KnownField, findings: Findings): void {
  for (const key in section) {
    const value = section[key];
    const known = below?.get(key);
    // Plain values are judged by who reads them.
    if (known?.below === null) {
      if (known.words.size > 0 && !isNothing(value)) sightWord(`${path}.${key}`, value, known, findings);
    } else if (known) visit(`${path}.${key}`, value, known, findings);
    else if (!isKnownEverywhere(key) && !isNothing(value))
      findings.sight('field', `${path}.${keyPath(key)}`, value);
  }
}

function visit(path: string, value: unknown, known: KnownField, findings: Findings): void {
  if (known.below === null || isNothing(value)) return;
  const isGraph = known.below.has('data');
  if (isSection(value)) {
    if (known.list) findings.reject(path, 'malformed', value);
    else visitSection(path, value, known, findings);
  } else if (!Array.isArray(value)) {
    if (!known.plain) findings.reject(path, 'malformed', value);
  } else if (known.list) visitItems(path, value, known, findings);
  // Some graphs come without the object around their points.
  else if (isGraph) visitItems(path, value, known.below.get('data')!, findings);
  else findings.reject(path, 'malformed', value);
}

function visitItems(path: string, items: unknown[], known: KnownField, findings: Findings): void {
  for (const item of items) {
    if (!isSection(item)) {
      // A gap is none; what else is no point is counted by who reads the points.
      if (known.words.size > 0 && item !== null) findings.reject(path, 'malformed', item);
      continue;
    }
    visitSection(path, item, known, findings);
    if (known.words.size > 0 && holdsData(item)) sightWord(`${path}.type`, item.type, known, findings);
  }
}

function sightWord(path: string, word: unknown, { words }: KnownField, findings: Findings): void {
  if (typeof word !== 'string' || !words.has(word.toLowerCase())) findings.sightWord(path, word);
}
