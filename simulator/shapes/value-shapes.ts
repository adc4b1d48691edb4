import { mapFields, objectOf, Shape, valuesOf } from './opened-answer';

type Json = Record<string, unknown>;

/** Every third reading and every other scalar is hit: their neighbours have to survive. */
function spoilValues(change: (value: number, index: number) => unknown): Shape {
  return ({ entries, wrap }) => {
    let scalars = 0;
    const spoilt = entries.map((entry) => {
      const object = objectOf(entry);
      if (typeof object.value === 'number') {
        scalars += 1;
        const value = scalars % 2 === 1 ? change(object.value, scalars) : object.value;
        return { ...entry, object: { ...object, value } };
      }
      return withValues(entry, (points) =>
        points.map((point, index) =>
          index % 3 === 1 && typeof point.value === 'number'
            ? { ...point, value: change(point.value, index) }
            : point,
        ),
      );
    });
    return wrap(spoilt);
  };
}

/** Every series with other points; entries without points stay as they are. */
export function spoilPoints(change: (points: Json[]) => unknown[]): Shape {
  return ({ entries, wrap }) => wrap(entries.map((entry) => withValues(entry, change)));
}

function withValues(entry: Json, change: (points: Json[]) => unknown[]): Json {
  const object = objectOf(entry);
  if (!Array.isArray(object.values)) return entry;
  return { ...entry, object: { ...object, values: change(valuesOf(entry)) } };
}

const notNumbers = ['NaN', 'Infinity', '-Infinity'];

export const nulls = spoilValues(() => null);
export const nanLike = spoilValues((_, index) => notNumbers[index % notNumbers.length]);
export const negative = spoilValues((value) => -value - 1);
export const outOfRange = spoilValues((value) => value * 1000 + 100_000);

const numericFields = ['value', 'avg', 'total', 'stage_time', 'trends_value', 'last_reading', 'score'];

/** Readable all the same: nothing is lost to a client that takes numbers from texts. */
export const stringNumbers: Shape = ({ entries, wrap }) =>
  wrap(
    entries.map((entry) => ({
      ...entry,
      object: mapFields(entry.object, (key, value) =>
        numericFields.includes(key) && typeof value === 'number' ? String(value) : value,
      ),
    })),
  );

export const duplicatePoints = spoilPoints((points) =>
  points.flatMap((point, index) => (index % 2 === 0 ? [point, point] : [point])),
);

/** Backwards, then the later half first: no run is in order. */
export const unordered = spoilPoints((points) => {
  const middle = Math.floor(points.length / 2);
  return [...points.slice(middle), ...points.slice(0, middle)].toReversed();
});

export const shifted: Shape = (answer, call) =>
  spoilPoints((points) =>
    points.map((point) => ({ ...point, timestamp: Number(point.timestamp) + call.offsetMs / 1000 })),
  )(answer, call);

const timeFields = [
  'timestamp',
  'start',
  'end',
  'startTime',
  'endTime',
  'bedtime_start',
  'bedtime_end',
  'day_start_timestamp',
];

export const milliseconds: Shape = ({ entries, wrap }) =>
  wrap(
    entries.map((entry) =>
      mapFields(entry, (key, value) =>
        timeFields.includes(key) && typeof value === 'number' ? value * 1000 : value,
      ),
    ),
  );
