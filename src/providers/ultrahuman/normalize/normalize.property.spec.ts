import { join } from 'node:path';
import * as fc from 'fast-check';
import { expectWellFormed, readFixtures } from '../../../../test/support/provider-contract';
import { ProviderPayloadInvalid } from '../../provider-errors';
import { normalizeAnswer } from './normalize';

interface Json {
  [key: string]: unknown;
}

const answers = readFixtures(join(__dirname, '..', 'fixtures')).map(({ date, body }) => ({
  date,
  text: body.toString(),
}));

const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, '', 'NaN', '1e999', [], {}, -1, 0, 1e11, 1e308, true, '\u0000', '__proto__'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
  fc.jsonValue({ maxDepth: 2 }),
);
const edit = fc.record({
  where: fc.double({ min: 0, max: 0.999999, noNaN: true }),
  kind: fc.constantFrom('replace', 'remove', 'double'),
  value: junk,
});

interface Edit {
  where: number;
  kind: string;
  value: unknown;
}

/** Changes one place of the text's JSON: an object's field, a list's item, or the whole. */
function mutate(text: string, { where, kind, value }: Edit): string {
  const root: unknown = { root: JSON.parse(text) };
  const places: ((kind: string) => void)[] = [];
  visit(root, value, places);
  places[Math.floor(where * places.length)](kind);
  return JSON.stringify(isObject(root) ? (root.root ?? null) : null);
}

function visit(node: unknown, value: unknown, places: ((kind: string) => void)[]): void {
  if (Array.isArray(node))
    node.forEach((item: unknown, index) => {
      places.push((kind) =>
        node.splice(index, 1, ...(kind === 'replace' ? [value] : kind === 'double' ? [item, item] : [])),
      );
      visit(item, value, places);
    });
  else if (isObject(node))
    for (const [key, child] of Object.entries(node)) {
      places.push((kind) => {
        if (kind === 'remove') delete node[key];
        else node[key] = value;
      });
      visit(child, value, places);
    }
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** @returns null for an answer that is refused the way it should be */
function normalize(date: string, body: string) {
  try {
    return normalizeAnswer({ date, status: 200, body: Buffer.from(body) });
  } catch (error) {
    if (error instanceof ProviderPayloadInvalid) return null;
    throw error;
  }
}

describe('normalizeAnswer, whatever comes', () => {
  it('gives a well-formed day or says why not, however an answer is changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...answers),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        ({ date, text }, edits) => {
          const day = normalize(date, edits.reduce(mutate, text));
          expect(day === null || day.date === date).toBe(true);
          if (day) expectWellFormed(day);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('says why not, wherever an answer is cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...answers),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        ({ date, text }, part) => {
          expect(normalize(date, text.trim().slice(0, Math.floor(text.trim().length * part)))).toBeNull();
        },
      ),
    );
  });

  it('keeps every good sample beside bad ones, and counts the bad ones', () => {
    const start = Date.parse('2026-03-06T18:30:00Z') / 1000;
    const good = fc.integer({ min: 20, max: 250 });
    const bad = fc.oneof(
      fc.integer({ min: 251 }),
      fc.integer({ max: 19 }),
      fc.constantFrom<unknown>('fast', true, 'NaN', [], {}),
    );
    const sample = fc.oneof(
      good.map((value: unknown) => ({ value, kept: true })),
      bad.map((value) => ({ value, kept: false })),
    );
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), (samples) => {
        const values = samples.map(({ value }, index) => ({ value, timestamp: start + 92 + index * 301 }));
        const entry = { type: 'hr', object: { day_start_timestamp: start, values } };
        const day = normalize('2026-03-07', JSON.stringify({ data: { metric_data: [entry] } }))!;
        const kept = samples.filter((it) => it.kept).map(({ value }) => value);
        expect(day.series.flatMap((series) => series.values)).toEqual(kept);
        const rejected = day.rejected.reduce((sum, { count }) => sum + count, 0);
        expect(rejected).toBe(samples.length - kept.length);
      }),
    );
  });

  it('does not depend on the order of the entries and samples', () => {
    const { date, text } = answers.find((answer) => answer.date === '2026-03-07')!;
    const entries: { object: { values?: unknown[] } }[] = JSON.parse(text).data.metric_data;
    const turned = entries.map((entry) => ({
      ...entry,
      object: { ...entry.object, ...(entry.object.values && { values: entry.object.values.toReversed() }) },
    }));
    const stored = (metric_data: unknown) => {
      const { series, daily, sleeps, scores } = normalize(date, JSON.stringify({ data: { metric_data } }))!;
      return { series, daily, sleeps, scores };
    };
    fc.assert(
      fc.property(fc.shuffledSubarray(turned, { minLength: turned.length }), (shuffled) =>
        expect(stored(shuffled)).toEqual(stored(entries)),
      ),
    );
  });
});
