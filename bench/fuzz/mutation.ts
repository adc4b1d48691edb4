export type Path = readonly (string | number)[];
export type Random = () => number;
type Json = Record<string, unknown>;

/** What was done to an answer. */
export interface Mutation {
  kind: string;
  path: Path;
  /** What may have been lost by it: with this taken out, the rest must be as it was. Null: nothing may be lost. */
  costs: Path | null;
  /** Another value that may be true changes what is worked out from it. */
  mayBeTrue: boolean;
}

const DEPTH = 1_000;
/** What JSON.stringify would not write: put into the text as it is. */
const VERBATIM = [
  '1e309',
  '-1e309',
  '1E400',
  '-0',
  '['.repeat(DEPTH) + ']'.repeat(DEPTH),
  `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
];

const JUNK: unknown[] = [
  null,
  '',
  ' ',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '0x10',
  '12,5',
  'null',
  1e308,
  -1e308,
  5e-324,
  Number.MAX_SAFE_INTEGER,
  -1,
  0,
  1e11,
  true,
  false,
  [],
  {},
  [[]],
  [null, [null]],
  { value: {} },
  { data: { data: [] } },
  [{ value: 'x', timestamp: 'y' }],
  '\u0000',
  '\uD800',
  '💓'.repeat(300),
  '\u202Eevil\u0300\u0301',
  '__proto__',
  'constructor',
  '<script>alert(1)</script>',
  "'; DROP TABLE sample; --",
  'a'.repeat(5_000),
  ...VERBATIM.map((_, index) => `@verbatim ${index}@`),
];
const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'Körper',
  '💓',
  '\u0000',
  'x'.repeat(300),
  'id_20260307',
  '',
];

/** An object's field or a list's item tells when its holder was, or in which unit. */
const SELECTORS = new Set([
  'unit',
  'timestamp',
  'start',
  'end',
  'startTime',
  'endTime',
  'bedtime_start',
  'bedtime_end',
  'day_start_timestamp',
]);

/** Every place of an answer below its root. */
export function placesOf(node: unknown, path: Path = []): Path[] {
  if (typeof node !== 'object' || node === null) return [];
  const keys: (string | number)[] = Array.isArray(node) ? [...node.keys()] : Object.keys(node);
  return keys.flatMap((key) => {
    const place = [...path, key];
    return [place, ...placesOf((node as Json)[key], place)];
  });
}

/** Some place below the root: the higher, the likelier. */
export function somePlace(node: unknown, random: Random, path: Path = []): Path {
  const isLeaf = typeof node !== 'object' || node === null || Object.keys(node).length === 0;
  if (isLeaf || (path.length > 2 && random() < 0.2)) return path;
  const keys: (string | number)[] = Array.isArray(node) ? [...node.keys()] : Object.keys(node);
  const key = pick(keys, random);
  return somePlace((node as Json)[key], random, [...path, key]);
}

/** Changes `answer` at one place. */
export function mutate(answer: unknown, path: Path, random: Random): Mutation {
  if (path.length === 0) return { kind: 'nothing', path, costs: path, mayBeTrue: false };
  const [name, change] = pick(CHANGES, random);
  return { kind: name, ...change(answer, path, random) };
}

export function removeAt(answer: unknown, path: Path): void {
  const holder = at(answer, path.slice(0, -1));
  const key = path[path.length - 1];
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete (holder as Json)[key];
}

export function toText(answer: unknown): string {
  return JSON.stringify(answer).replaceAll(
    /"@verbatim (\d)@"/g,
    (_, index: string) => VERBATIM[Number(index)],
  );
}

type Change = (answer: unknown, path: Path, random: Random) => Omit<Mutation, 'kind'>;

const replaceWith = (answer: unknown, path: Path, value: unknown): Omit<Mutation, 'kind'> => {
  set(answer, path, value);
  const key = String(path[path.length - 1]);
  const parent = path.slice(0, -1);
  const tellsOfHolder = SELECTORS.has(key) && value !== null && value !== '';
  return { path, costs: tellsOfHolder ? parent : path, mayBeTrue: isNumeric(value) };
};

const replace: Change = (answer, path, random) => replaceWith(answer, path, junk(random));

const remove: Change = (answer, path) => {
  removeAt(answer, path);
  return { path, costs: path, mayBeTrue: false };
};

/** Another form of what is there: a number as a text, a list as an object, an object as a list. */
const retype: Change = (answer, path) => {
  const value = at(answer, path);
  if (Array.isArray(value)) return replaceWith(answer, path, Object.fromEntries(value.entries()));
  if (typeof value === 'object' && value !== null) return replaceWith(answer, path, Object.values(value));
  return replaceWith(answer, path, typeof value === 'number' ? `about ${value}` : [value]);
};

/** Another number, such as another unit or day would give. */
const rescale: Change = (answer, path, random) => {
  const value = at(answer, path);
  const factor = pick([-1, 0.001, 1 / 60, 1.5, 60, 1_000, 1e6], random);
  return replaceWith(answer, path, typeof value === 'number' ? value * factor : junk(random));
};

const shiftDays: Change = (answer, path, random) => {
  const value = at(answer, path);
  const days = pick([-400, -2, 2, 40], random);
  return replaceWith(answer, path, typeof value === 'number' ? value + days * 86_400 : junk(random));
};

const double: Change = (answer, path) => {
  const holder = at(answer, path.slice(0, -1));
  if (Array.isArray(holder))
    holder.splice(Number(path[path.length - 1]), 0, structuredClone(at(answer, path)));
  return { path, costs: null, mayBeTrue: false };
};

const rename: Change = (answer, path, random) => {
  const holder = at(answer, path.slice(0, -1));
  if (Array.isArray(holder)) return remove(answer, path, random);
  const value = at(answer, path);
  removeAt(answer, path);
  define(holder as Json, pick(NAMES, random), value);
  return { path, costs: path, mayBeTrue: false };
};

const insert: Change = (answer, path, random) => {
  const holder = at(answer, path.slice(0, -1));
  // An empty object among the metrics or rows would be one of them.
  if (!Array.isArray(holder)) define(holder as Json, pick(NAMES, random), junk(random));
  return { path, costs: null, mayBeTrue: false };
};

const flood: Change = (answer, path, random) => {
  const list = at(answer, path);
  if (!Array.isArray(list)) return insert(answer, path, random);
  const item = pick<unknown>([null, 'x', 7, [], { value: 'x', timestamp: 1 }, { value: 62 }], random);
  for (let count = 0; count < 1_000; count += 1) list.push(copied(item));
  return { path, costs: null, mayBeTrue: false };
};

const CHANGES: [string, Change][] = [
  ['replace', replace],
  ['replace', replace],
  ['remove', remove],
  ['retype', retype],
  ['rescale', rescale],
  ['shift days', shiftDays],
  ['double', double],
  ['rename', rename],
  ['insert', insert],
  ['flood', flood],
];

function at(answer: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, key) => (node as Json)[key], answer);
}

function set(answer: unknown, path: Path, value: unknown): void {
  (at(answer, path.slice(0, -1)) as Json)[path[path.length - 1]] = value;
}

/** Also under a name that would otherwise set the prototype. */
function define(holder: Json, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /\d/.test(value));

/** A copy: what is put into an answer may be changed there again. */
const junk = (random: Random): unknown => copied(pick(JUNK, random));

const copied = (value: unknown): unknown => (typeof value === 'object' ? structuredClone(value) : value);

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)];
}
