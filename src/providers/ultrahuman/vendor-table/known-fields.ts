import { parsePath } from './field-path';
import { VENDOR_TABLE } from './vendor-table';

/** The vendor table as a tree, to tell in one pass what it does not know. */
export interface KnownField {
  /** Null where nothing below matters. */
  below: Map<string, KnownField> | null;
  /** May hold a plain value. */
  plain: boolean;
  list: boolean;
  /** Those of the field itself, or of the `type` of its items; empty where the table does not tell them apart. */
  words: Set<string>;
}

const root = newField();
const everywhere = new Set<string>();

for (const field of VENDOR_TABLE) {
  const { type, steps } = parsePath(field.path);
  if (type === '*') everywhere.add(steps[0].key);
  else if ('sameAs' in field) continue;
  else {
    let at = child(root, type);
    for (const { key, list, pick } of steps) {
      at = child(at, key);
      at.list ||= list;
      if (pick !== null) {
        at.words.add(pick);
        child(at, 'type').plain = true;
      }
    }
    at.plain = true;
    if ('ignored' in field) field.words?.forEach((word) => at.words.add(word));
    if ('plus' in field && field.plus) child(parentOf(field.path), field.plus).plain = true;
  }
}
// After all: they stand for what the table says in other rows.
for (const field of VENDOR_TABLE) {
  if (!('sameAs' in field)) continue;
  const { below, ...same } = fieldAt(field.sameAs);
  // A copy: what holds the whole of its parent does not hold itself again.
  parentOf(field.path).below!.set(lastKeyOf(field.path), { ...same, below: below && new Map(below) });
}

/** The vendor's types, in lower case. */
export const knownType = (type: string): KnownField | undefined => root.below!.get(type);

/** Means the same wherever it stands. */
export const isKnownEverywhere = (key: string): boolean => everywhere.has(key);

function newField(): KnownField {
  return { below: null, plain: false, list: false, words: new Set() };
}

function child(field: KnownField, key: string): KnownField {
  field.below ??= new Map();
  const known = field.below.get(key) ?? newField();
  field.below.set(key, known);
  return known;
}

function fieldAt(path: string): KnownField {
  return path.split('.').reduce(child, root);
}

function parentOf(path: string): KnownField {
  const { type, steps } = parsePath(path);
  return steps.slice(0, -1).reduce((at, { key }) => child(at, key), child(root, type));
}

function lastKeyOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
