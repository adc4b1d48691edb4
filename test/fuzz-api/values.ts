import fc, { type Arbitrary } from 'fast-check';
import type { Resolve, Schema } from './document';
import { markOf } from './seen-values';

/** All of it as the schema wants it; mostly so; or anything. */
export type Tone = 'good' | 'near' | 'wild';

/** So far back there is data. */
const DAYS = 30;

/** What no parameter wants. */
export const nonsense: Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', ' ', 'null', 'undefined', 'NaN', 'Infinity', '-1', '0', '1e309', '1.5', '0x10', 'true'),
  fc.constantFrom(
    '[object Object]',
    '__proto__',
    "'; DROP TABLE app_user; --",
    '../../etc/passwd',
    '%',
    '\\',
  ),
  fc.constantFrom('9'.repeat(30), 'x'.repeat(3_000), '\u202e\u0000\ud800', '🦄', '2026-02-30', '12:00'),
);

const daysAgo = (min: number, max: number) =>
  fc.integer({ min: min * 24 * 60, max: max * 24 * 60 }).map((minutes) => Date.now() - minutes * 60_000);
const instants = daysAgo(0, DAYS);
/** Mostly a range begins before it ends. */
const starts = fc.oneof(
  { weight: 9, arbitrary: daysAgo(DAYS / 2, DAYS) },
  { weight: 1, arbitrary: instants },
);
const ends = fc.oneof({ weight: 9, arbitrary: daysAgo(0, DAYS / 2) }, { weight: 1, arbitrary: instants });
const iso = (ms: number) => new Date(ms).toISOString();

/** Times as clients write them. */
const times = (instants: Arbitrary<number>): Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: instants.map((ms) => iso(ms).slice(0, 10)) },
    { weight: 3, arbitrary: instants.map(iso) },
    { weight: 2, arbitrary: instants.map((ms) => `${iso(ms).slice(0, 19)}+05:30`) },
    { weight: 1, arbitrary: instants.map((ms) => iso(ms).slice(0, 16)) },
    { weight: 2, arbitrary: instants.map((ms) => String(Math.floor(ms / 1_000))) },
    { weight: 1, arbitrary: instants.map((ms) => String(ms / 1_000)) },
    { weight: 1, arbitrary: fc.constantFrom('2000-01-01', '0', '1970-01-01T00:00:00Z', '2100-01-01') },
  );

const nearTimes = fc.constantFrom(
  ...[
    '2026-02-29',
    '2026-13-01',
    '2026-3-1',
    '0000-01-01',
    '9999-12-31T23:59:59Z',
    '1e18',
    '-1',
    '-62135596800',
  ],
  ...['2026-03-01T25:00:00Z', '2026-03-01T00:00:60Z', '2026-03-01T00:00:00+99:00', '2026-03-01 00:00', 'now'],
);

/** By the name of a parameter or property, where the schema says nothing but text; what is in braces, the run fills in. */
const BY_NAME: Record<string, Arbitrary<string>> = {
  provider: fc.constantFrom('ultrahuman', 'garmin', 'apple', 'internal'),
  email: fc.nat(5_000).map((n) => `fuzz-${n}@example.com`),
  device_type: fc.constantFrom('ring', 'watch', 'band', 'phone', 'scale', 'other', 'unknown'),
  message: fc.constantFrom('access_denied', 'a b & <c>'),
  redirect_uri: fc.constantFrom(
    'http://localhost:3000/done',
    'https://app.example.com/x',
    'javascript:alert(1)',
  ),
  cursor: fc.oneof(
    fc.nat(1_000).map((n) => markOf('cursor', n)),
    fc.tuple(instants, fc.uuid(), fc.constantFrom('', 'prev_'), fc.boolean()).map(([ms, id, way, isDate]) => {
      const at = isDate ? iso(ms).slice(0, 10) : iso(ms);
      return way + Buffer.from(`${at}|${id}`).toString('base64url');
    }),
  ),
  username: fc.constantFrom('visitor-1@example.com', 'nobody@example.com'),
  current_password: fc.constantFrom('a password for fuzzing', 'another password'),
  new_password: fc.constantFrom('a password for fuzzing', 'another password'),
  confirm_password: fc.constantFrom('a password for fuzzing', 'another password'),
  password: fc.constantFrom('a password for fuzzing', 'another password', 'short'),
  data_source_id: fc.oneof(
    { weight: 3, arbitrary: fc.nat(1_000).map((n) => markOf('data_source_id', n)) },
    { weight: 1, arbitrary: fc.uuid() },
  ),
  refresh_token: fc.constantFrom('{{refresh_token}}', `rt-${'0'.repeat(32)}`),
  user_id: fc.constantFrom('{{user_id}}', '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34'),
};

const isTime = (name: string) =>
  /(^|_)(start|end|since|before|after|from|to)(_date|_time)?$|_at$|^date$/.test(name);

/** Values for a schema, and values that are not for it. */
export function valuesOf(schema: Schema, resolve: Resolve, tone: Tone, name: string): Arbitrary<unknown> {
  const good = goodValues(schema, resolve, tone, name);
  if (tone === 'good') return good;
  const near = nearValues(resolve(schema), name);
  return tone === 'near'
    ? fc.oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: near })
    : fc.oneof(good, near, nonsense, fc.jsonValue({ maxDepth: 2 }));
}

function goodValues(schema: Schema, resolve: Resolve, tone: Tone, name: string): Arbitrary<unknown> {
  const wanted = resolve(schema);
  const made = bare(wanted, resolve, tone, name);
  return wanted.nullable
    ? fc.oneof({ weight: 5, arbitrary: made }, { weight: 1, arbitrary: fc.constant(null) })
    : made;
}

function bare(schema: Schema, resolve: Resolve, tone: Tone, name: string): Arbitrary<unknown> {
  const { allOf, oneOf, anyOf, items, properties, additionalProperties } = schema;
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const [only] = allOf ?? [];
  if (only !== undefined) return goodValues(only, resolve, tone, name);
  const choices = oneOf ?? anyOf;
  if (choices !== undefined) return fc.oneof(...choices.map((it) => goodValues(it, resolve, tone, name)));
  switch (schema.type) {
    case 'integer':
    case 'number':
      return numbers(schema);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valuesOf(items ?? {}, resolve, tone, name.replace(/s$/, '')), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case 'string':
      return texts(schema, name);
    default:
      return properties === undefined
        ? fc.dictionary(
            fc.string({ maxLength: 10 }),
            objectValues(additionalProperties, resolve, tone, name),
            {
              maxKeys: 3,
            },
          )
        : objects(schema, resolve, tone);
  }
}

const objectValues = (
  schema: Schema['additionalProperties'],
  resolve: Resolve,
  tone: Tone,
  name: string,
): Arbitrary<unknown> =>
  typeof schema === 'object' ? valuesOf(schema, resolve, tone, name) : fc.jsonValue({ maxDepth: 1 });

function objects(
  { properties = {}, required = [] }: Schema,
  resolve: Resolve,
  tone: Tone,
): Arbitrary<unknown> {
  const values = Object.entries(properties).map(([name, property]) => [
    name,
    valuesOf(property, resolve, tone, name),
  ]);
  const record = fc.record<Record<string, unknown>>(Object.fromEntries(values), {
    requiredKeys: tone === 'wild' ? [] : required,
  });
  return tone === 'wild'
    ? fc
        .tuple(record, fc.dictionary(nonsense, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }))
        .map(([one, other]) => ({ ...one, ...other }))
    : record;
}

/** Small ones mostly: they are what most parameters want, and a large one may cost a server much. */
function numbers({ type, minimum = 0, maximum = 1_000_000 }: Schema): Arbitrary<number> {
  const small = fc.integer({ min: minimum, max: Math.min(maximum, minimum + 20) });
  const any = fc.integer({ min: minimum, max: maximum });
  const fraction = type === 'integer' ? any : any.map((it) => it + 0.5);
  return fc.oneof(
    { weight: 30, arbitrary: small },
    { weight: 2, arbitrary: fc.constantFrom(minimum, maximum) },
    { weight: 4, arbitrary: any },
    { weight: maximum === 1_000_000 ? 1 : 0, arbitrary: fraction },
  );
}

function texts({ format, minLength = 0, maxLength = 60 }: Schema, name: string): Arbitrary<string> {
  if (format === 'uuid' && BY_NAME[name] === undefined) return fc.uuid();
  if (isTime(name) || format === 'date-time' || format === 'date')
    return times(/start|since|after|from/.test(name) ? starts : /end|before|to/.test(name) ? ends : instants);
  const named = BY_NAME[name];
  const free = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 60) });
  return named === undefined
    ? free
    : fc.oneof({ weight: 8, arbitrary: named }, { weight: 1, arbitrary: free });
}

/** What misses by a little. */
function nearValues(
  { type, minimum, maximum, maxLength, enum: names }: Schema,
  name: string,
): Arbitrary<unknown> {
  const ends = [minimum, maximum].flatMap((end) => (end === undefined ? [] : [end - 1, end + 1, end + 0.5]));
  const misses: unknown[] = [
    '',
    ...ends,
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
    ...(names ?? []).map((it) => String(it).toUpperCase()),
    ...(type === 'boolean' ? ['1', '0', 'on', 'off', 'yes', 'no', 'TRUE', 'maybe', 1] : []),
    ...(type === 'array' ? ['', 'steps,heart_rate', [null], {}] : []),
    ...(type === 'string' ? [1, true, ['a', 'b'], { a: 1 }, '\t', ' padded '] : [null, [], {}, '1', '-1']),
  ];
  return fc.oneof(fc.constantFrom(...misses), ...(isTime(name) ? [nearTimes] : []));
}
