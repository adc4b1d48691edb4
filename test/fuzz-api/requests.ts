import fc, { type Arbitrary } from 'fast-check';
import type { Operation, Parameter, Resolve } from './document';
import { nonsense, valuesOf, type Tone } from './values';

/** Who asks: with a key of all scopes, of the one that is needed, of another; signed in; with nothing; with what is none. */
export type Caller = 'key' | 'scoped' | 'unscoped' | 'developer' | 'nobody' | 'forged';

/** What stands for a parameter of the path: an id that there is, or this text. */
export type PathValue = { known: number } | { text: string };

/** A request, but for the ids that only the run knows. */
export interface Draft {
  caller: Caller;
  path: Record<string, PathValue>;
  query: [string, string][];
  headers: Record<string, string>;
  body: Sent;
}

/** A body, or none, and what it is called. */
export interface Sent {
  type: string | undefined;
  text: string | undefined;
}

const weighed = (weights: Partial<Record<Caller, number>>): Arbitrary<Caller> =>
  fc.oneof(
    ...Object.entries(weights).map(([caller, weight]) => ({
      weight,
      arbitrary: fc.constant(caller as Caller),
    })),
  );

const CALLERS = {
  key: weighed({ key: 62, scoped: 14, unscoped: 4, developer: 12, nobody: 3, forged: 5 }),
  developer: weighed({ developer: 82, key: 6, scoped: 3, nobody: 4, forged: 5 }),
  everybody: weighed({ nobody: 60, key: 20, developer: 15, forged: 5 }),
};

/** Mostly all is well, at times one thing is not, and at times anything goes. */
const mood = fc.oneof(
  { weight: 60, arbitrary: fc.constant('good' as const) },
  { weight: 26, arbitrary: fc.constant('near' as const) },
  { weight: 14, arbitrary: fc.constant('wild' as const) },
);

/** Requests of one operation. */
export function draftsOf(operation: Operation, resolve: Resolve): Arbitrary<Draft> {
  return mood.chain((tone) => draft(operation, resolve, tone));
}

function draft(operation: Operation, resolve: Resolve, tone: Tone): Arbitrary<Draft> {
  const { parameters, access } = operation;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const inHeader = parameters.filter((parameter) => parameter.in === 'header');
  const who = access === null ? 'everybody' : access === 'developer' ? 'developer' : 'key';
  return fc.record({
    caller: CALLERS[who],
    path: fc.record(Object.fromEntries(inPath.map(({ name }) => [name, pathValue(tone)]))),
    query: fc
      .tuple(...inQuery.map((parameter) => queryPairs(parameter, resolve, tone)), strayPairs(tone))
      .map((lists) => (tone === 'good' ? inKeeping(lists.flat()) : lists.flat())),
    headers: fc
      .tuple(...inHeader.map((parameter) => queryPairs(parameter, resolve, tone)))
      .map((lists) => Object.fromEntries(lists.flat().map(([name, value]) => [name, printable(value)]))),
    body: bodies(operation, resolve, tone),
  });
}

/** Of the path, ids that there are, or else a text: an empty one would be another path. */
function pathValue(tone: Tone): Arbitrary<PathValue> {
  const known = fc.nat(1_000).map((n): PathValue => ({ known: n }));
  const text = fc
    .oneof(fc.uuid(), nonsense, fc.constantFrom('1', 'null', '..', 'ultrahuman', 'me'))
    .filter((it) => it.length > 0 && it.length < 200 && it !== '.' && it !== '..')
    .map((it): PathValue => ({ text: it }));
  const weights = { good: [20, 1], near: [5, 1], wild: [1, 2] }[tone];
  return fc.oneof({ weight: weights[0], arbitrary: known }, { weight: weights[1], arbitrary: text });
}

/** Filters by a text: with one that is made up, an answer is mostly empty. */
const NARROW = new Set(['source', 'device_model', 'record_type', 'search', 'email', 'external_user_id']);

/** Without what the document only says in words to exclude each other. */
function inKeeping(query: [string, string][]): [string, string][] {
  const names = new Set(query.map(([name]) => name));
  const isPaged = names.has('cursor') || names.has('limit');
  const isRaw = !query.some(([name, value]) => name === 'resolution' && value !== 'raw');
  return query.filter(([name]) => !(name === 'max_points' && isPaged) && !(name === 'aggregates' && isRaw));
}

function queryPairs(
  { name, required, schema }: Parameter,
  resolve: Resolve,
  tone: Tone,
): Arbitrary<[string, string][]> {
  const isList = resolve(schema).type === 'array';
  const values = valuesOf(schema, resolve, tone, name);
  const pairs = values.map((value): [string, string][] =>
    (isList && Array.isArray(value) ? value : [value]).map((it) => [name, asText(it)]),
  );
  const optional = NARROW.has(name) ? 60 : 12;
  const isLeftOut = required
    ? { good: 0, near: 1, wild: 4 }[tone]
    : { good: optional, near: optional, wild: 8 }[tone];
  const twice = tone === 'good' ? 0 : 1;
  return fc.oneof(
    { weight: 20, arbitrary: pairs },
    { weight: isLeftOut, arbitrary: fc.constant<[string, string][]>([]) },
    { weight: twice, arbitrary: fc.tuple(pairs, pairs).map((both) => both.flat()) },
  );
}

const strayPairs = (tone: Tone): Arbitrary<[string, string][]> =>
  tone === 'wild'
    ? fc.oneof(
        { weight: 4, arbitrary: fc.constant<[string, string][]>([]) },
        { weight: 1, arbitrary: fc.tuple(nonsense, nonsense).map((pair): [string, string][] => [pair]) },
      )
    : fc.constant([]);

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The body and the headers that go with it: clients call everything JSON, also where there is no body. */
function bodies(operation: Operation, resolve: Resolve, tone: Tone): Arbitrary<Sent> {
  const none = fc.constantFrom<Sent[]>(
    { type: JSON_TYPE, text: undefined },
    { type: undefined, text: undefined },
  );
  const made = Object.entries(operation.bodies).map(([type, schema]) =>
    valuesOf(schema, resolve, tone, 'body').map((value): Sent => ({
      type: type === FORM_TYPE ? FORM_TYPE : JSON_TYPE,
      text: type === FORM_TYPE ? asForm(value) : JSON.stringify(value),
    })),
  );
  const takesBody = operation.method !== 'GET';
  const broken = fc.oneof(
    fc.record<Sent>({
      type: fc.constantFrom(JSON_TYPE, FORM_TYPE, 'text/plain', 'multipart/form-data', 'nonsense'),
      text: fc.oneof(fc.json(), nonsense, fc.constantFrom('{', '[]', 'null', '{"a":1,"a":2}', '"x"')),
    }),
    none,
  );
  const weights = { good: 0, near: 1, wild: 6 }[tone];
  return fc.oneof(...(made.length > 0 ? made : [none]).map((arbitrary) => ({ weight: 12, arbitrary })), {
    weight: takesBody ? weights : 0,
    arbitrary: broken,
  });
}

const asForm = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? new URLSearchParams(
        Object.entries(value).map(([name, it]): [string, string] => [name, asText(it)]),
      ).toString()
    : asText(value);

export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** What a header may hold. */
const printable = (value: string) => value.replaceAll(/[^\x20-\x7e]/g, '?').trim();
