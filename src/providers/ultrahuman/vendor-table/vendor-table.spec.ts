import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalizeAnswer } from '../normalize/normalize';
import { OTHER_FIGURES, SLEEP_FIGURES, type FigureField } from './figure-fields';
import type { VendorField } from './vendor-field';
import { VENDOR_TABLE } from './vendor-table';

/** What is publicly known of the vendor's answers: `path`, or `path ~reason` for presentation. */
const schema = readFileSync(join(__dirname, 'union-schema.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [path, reason = null] = line.split(' ~');
    return { path, reason };
  });

/** Read although nothing that is known of the vendor holds it: the same field of a sibling, or another way to draw it. */
const BEYOND = [
  /^sleep\.(hrv|temp|respiratory)_graph\.(vertical_zone|marks)/,
  /^sleep\.(hr|temp|respiratory)_graph\.zone/,
  /^sleep\.respiratory_graph\.(gist_object|info_button)/,
  /^sleep\.time_in_bed\.seconds$/,
  /^motion\.(movement|temp)_graph$/,
  /^(sleep_score|(recovery|movement)_index|recovery_score|metabolic_score)\.summary$/,
];

const aliases = VENDOR_TABLE.filter((field) => 'sameAs' in field);
const rows = VENDOR_TABLE.filter((field) => !('sameAs' in field));
const anywhere = new Map(
  rows.filter(({ path }) => path.startsWith('*.')).map((field) => [field.path.slice(2), field]),
);
const exact = new Map<string, VendorField>();
for (const field of rows) for (const path of namesOf(field)) if (!exact.has(path)) exact.set(path, field);

/** The row that is about a path of the schema: the path itself, what it stands below, or its last key anywhere. */
function rowOf(path: string): VendorField | undefined {
  const alias = aliases.find((it) => path.startsWith(`${it.path}.`) || path.startsWith(`${it.path}[`));
  if (alias && 'sameAs' in alias) return rowOf(alias.sameAs + path.slice(alias.path.length));
  const found = exact.get(path) ?? exact.get(path.replaceAll(/\[\w+\]/g, '[]'));
  if (found) return found;
  const above = path.split('.').map((_, index, keys) =>
    keys
      .slice(0, index + 1)
      .join('.')
      .replace(/\[\]$/, ''),
  );
  const ignoredAbove = above.map((it) => exact.get(it)).find((row) => row && 'ignored' in row);
  return ignoredAbove ?? anywhere.get(path.slice(path.lastIndexOf('.') + 1));
}

/** What a row names: its path, the type that it chooses by, and its sibling. */
function namesOf(field: VendorField): string[] {
  const { path } = field;
  const chosen = /^(.*)\[\w+\]/.exec(path);
  const plus = 'plus' in field ? [path.replace(/[^.]+$/, field.plus!)] : [];
  return [path, ...(chosen ? [`${chosen[1]}[].type`] : []), ...plus];
}

describe('the vendor table and what the vendor is known to send', () => {
  it('has a row for every path: data is never ignored, and presentation for the very reason that it is that', () => {
    const found = schema.map(({ path }) => {
      const row = rowOf(path);
      return { path, reason: row && 'ignored' in row ? row.ignored : row && 'data' };
    });
    expect(found).toEqual(schema.map(({ path, reason }) => ({ path, reason: reason ?? 'data' })));
  });

  it('has no row that nothing is known of, but for those beside a known one', () => {
    const known = new Set(schema.flatMap(({ path }) => [path, path.replaceAll(/\[\w+\]/g, '[]')]));
    const isKnown = (path: string) =>
      known.has(path) || [...known].some((it) => it.startsWith(`${path}.`) || it.startsWith(`${path}[`));
    const beyond = VENDOR_TABLE.map(({ path }) => path).filter(
      (path) => !path.startsWith('*.') && !isKnown(path) && !BEYOND.some((it) => it.test(path)),
    );
    expect(beyond).toEqual([]);
    for (const pattern of BEYOND) expect(VENDOR_TABLE.some(({ path }) => pattern.test(path))).toBe(true);
  });

  it('has no shared row for a key that is never sent', () => {
    const keys = new Set(schema.map(({ path }) => path.slice(path.lastIndexOf('.') + 1)));
    expect([...anywhere.keys()].filter((key) => !keys.has(key))).toEqual([]);
  });

  it('says a path once', () => {
    const paths = VENDOR_TABLE.map(({ path }) => path);
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
  });

  it('maps every field that is not presentation', () => {
    const data = schema.filter(({ reason }) => reason === null);
    const mapped = data.filter(({ path }) => {
      const row = rowOf(path);
      return row !== undefined && 'place' in row;
    });
    const share = Math.floor((100 * mapped.length) / data.length);
    process.stdout.write(`fields mapped: ${mapped.length} of ${data.length} (${share} %)\n`);
    expect(mapped).toEqual(data);
  });
});

describe('the table drives the normalizers', () => {
  const DATE = '2026-03-07';
  const START = Date.parse('2026-03-06T18:30:00Z') / 1000;
  const night = { bedtime_start: START - 3_000, bedtime_end: START + 24_000 };

  /** An object with one value at the end of a row's path. */
  const below = ({ steps }: FigureField, value: number) =>
    steps.reduceRight<unknown>((inner, { key, pick }) => {
      const item = pick === null ? inner : [{ type: pick, ...(inner as object) }];
      return { [key]: item };
    }, value) as object;

  const normalize = (entries: object[]) =>
    normalizeAnswer({
      date: DATE,
      status: 200,
      body: Buffer.from(JSON.stringify({ data: { metric_data: entries } })),
    });
  const sleep = (object: object) => ({ type: 'Sleep', object: { ...night, ...object } });

  const numbersIn = (value: unknown): number[] =>
    typeof value === 'number'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(numbersIn)
        : [];

  const plausible = ({ range: [min, max], factor }: FigureField) =>
    Math.round(((min + Math.min(max, min + 50)) / 2 + 1) / factor) || 1;

  it.each([...SLEEP_FIGURES, ...OTHER_FIGURES].map((field) => [field.path, field] as const))(
    'takes %s to where the table says, and from nowhere else',
    (_path, field) => {
      const told = plausible(field);
      const object = below(field, told);
      const entries = field.type === 'sleep' ? [sleep(object)] : [sleep({}), { type: field.type, object }];
      const { daily, sleeps, scores, rejected, unmapped } = normalize(entries);
      const { place } = field;
      const value = Number((told * field.factor).toFixed(9));
      const isComponent = place.in === 'score' && place.part === 'component';
      const score = isComponent ? { components: { [place.name!]: { value } } } : { value };
      expect(daily).toMatchObject(place.in === 'daily' ? [{ code: place.code, value }] : []);
      expect(scores).toMatchObject(place.in === 'score' ? [{ category: place.category, ...score }] : []);
      expect(numbersIn(sleeps[0]).includes(value)).toBe(place.in === 'night');
      expect(rejected).toEqual([]);
      expect(unmapped.filter(({ kind }) => kind !== 'value')).toEqual([]);
    },
  );
});
