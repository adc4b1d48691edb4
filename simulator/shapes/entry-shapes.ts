import { mapFields, objectOf, Shape, typeOf, valuesOf } from './opened-answer';

type Json = Record<string, unknown>;

/** Each series in two halves, each scalar again without a value: together they are the day. */
export const duplicateTypes: Shape = ({ entries, wrap }) =>
  wrap(
    entries.flatMap((entry) => {
      const [object, values] = [objectOf(entry), valuesOf(entry)];
      if (Array.isArray(object.values)) {
        const half = (rest: number) => values.filter((_, index) => index % 2 === rest);
        return [0, 1].map((rest) => ({ ...entry, object: { ...object, values: half(rest) } }));
      }
      return 'value' in object ? [entry, { ...entry, object: { ...object, value: null } }] : [entry];
    }),
  );

/** Holes in the list, and an entry with nothing inside. */
export const nullEntries: Shape = ({ entries, wrap }) =>
  wrap([...entries.flatMap((entry) => [null, entry]), { type: 'vo2_max', object: null }]);

export const newType: Shape = ({ entries, wrap }) => {
  const start = entries.map((entry) => objectOf(entry).day_start_timestamp).find(Boolean);
  const object = { day_start_timestamp: start, title: 'Stress Rhythm', value: 41 };
  return wrap([{ type: 'stress_rhythm_score', object }, ...entries]);
};

export const newField: Shape = ({ entries, wrap }) =>
  wrap(entries.map((entry) => ({ ...entry, object: { ...objectOf(entry), sensor_confidence: 0.87 } })));

const newEnumValues: Record<string, string> = {
  positive: 'sideways',
  negative: 'sideways',
  rem_sleep: 'lucid_sleep',
  optimal: 'superb',
  good: 'superb',
  partial: 'interrupted',
  medium: 'frantic',
  calculated: 'estimated',
};
const enumFields = ['trend_direction', 'type', 'state', 'cycleType', 'status'];

export const newEnumValue: Shape = ({ entries, wrap }) =>
  wrap(
    entries.map((entry) => ({
      ...entry,
      object: mapFields(entry.object, (key, value) =>
        enumFields.includes(key) && typeof value === 'string' ? (newEnumValues[value] ?? value) : value,
      ),
    })),
  );

const fieldsInTurn = [
  'day_start_timestamp',
  'timestamp',
  'value',
  'values',
  'bedtime_end',
  'sleep_stages',
  'type',
  'object',
];

export const missingField: Shape = ({ entries, wrap }, { field, turn }) => {
  const gone = field ?? fieldsInTurn[turn % fieldsInTurn.length];
  return wrap(entries.map((entry) => mapFields(entry, (key, value) => (key === gone ? undefined : value))));
};

export const caseFlip: Shape = ({ entries, wrap }) =>
  wrap(entries.map((entry) => ({ ...entry, type: flipCase(String(entry.type)) })));

function flipCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}

const nothings: unknown[] = [{}, [], null];

/** The graphs of a sleep: `{}`, `[]` and null, one after the other. */
export const emptyGraphs: Shape = ({ entries, wrap }, { turn }) => {
  let graphs = turn;
  return wrap(
    entries.map((entry) => {
      if (typeOf(entry) !== 'sleep') return entry;
      const parts = Object.entries(objectOf(entry)).map(([key, part]) =>
        key.endsWith('_graph') ? [key, nothings[graphs++ % nothings.length]] : [key, part],
      );
      return { ...entry, object: Object.fromEntries(parts) as Json };
    }),
  );
};

/** The same readings with other values: what a recomputed day looks like. */
export const dayRewritten: Shape = ({ entries, wrap }) => wrap(entries.map(rewritten));

function rewritten(entry: Json): Json {
  const object = objectOf(entry);
  if (typeof object.value === 'number') return { ...entry, object: { ...object, value: object.value + 1 } };
  if (!Array.isArray(object.values)) return entry;
  const values = valuesOf(entry).map((point) =>
    typeof point.value === 'number' ? { ...point, value: point.value + 1 } : point,
  );
  const total = typeof object.total === 'number' ? object.total + values.length : undefined;
  return { ...entry, object: { ...object, ...(total === undefined ? {} : { total }), values } };
}

/** An older, smaller state of the day, as some Sundays fall back to it: its first two thirds and no sleep score. */
export const rolledBack: Shape = ({ entries, wrap }) =>
  wrap(
    entries.map((entry) => {
      const object = objectOf(entry);
      if (!Array.isArray(object.values)) return entry;
      const all = valuesOf(entry);
      const values = all.slice(0, Math.ceil((all.length * 2) / 3));
      const sum = values.reduce((total, { value }) => total + Number(value), 0);
      return { ...entry, object: { ...object, ...('total' in object ? { total: sum } : {}), values } };
    }),
  );
