import fc from 'fast-check';
import {
  chunkBytes,
  cutByUtcDay,
  joinArrays,
  mergeChunk,
  readDoubles,
  readIntegers,
  type Chunk,
} from './series-chunk';
import { DAY_MS } from './zone-offset';

const chunk = (samples: [number, number][]): Chunk => ({
  day: 0,
  offsets: samples.map(([offset]) => offset),
  values: samples.map(([, value]) => value),
});
const pairs = ({ offsets, values }: Chunk) =>
  offsets.map((offset, index): [number, number] => [offset, values[index]]);

const samples = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 60 }), fc.double({ noNaN: true, noDefaultInfinity: true })), {
    selector: ([at]) => at,
  })
  .map((found) => found.toSorted(([a], [b]) => a - b));

describe(mergeChunk.name, () => {
  it('keeps every instant, and the newer value where both have one', () => {
    fc.assert(
      fc.property(samples, samples, (stored, answered) => {
        const { inserted, updated, unchanged, ...merged } = mergeChunk(chunk(stored), chunk(answered));
        const expected = new Map([...stored, ...answered]);
        expect(pairs(merged)).toEqual([...expected].toSorted(([a], [b]) => a - b));
        expect(inserted).toBe(expected.size - stored.length);
        expect(inserted + updated + unchanged).toBe(answered.length);
      }),
    );
  });

  it('counts what it did', () => {
    const stored = chunk([
      [10, 61],
      [20, 62],
      [30, 63],
    ]);
    expect(
      mergeChunk(
        stored,
        chunk([
          [5, 60],
          [20, 72],
          [30, 63],
          [40, 64],
        ]),
      ),
    ).toMatchObject({
      offsets: [5, 10, 20, 30, 40],
      values: [60, 61, 72, 63, 64],
      inserted: 2,
      updated: 1,
      unchanged: 1,
    });
  });
});

describe(cutByUtcDay.name, () => {
  it('cuts a local day that spans two UTC days', () => {
    const instants = [-1, 0, 5, DAY_MS - 1, DAY_MS, 3 * DAY_MS + 7];
    expect(cutByUtcDay({ instants, values: [11, 12, 13, 14, 15, 16] })).toEqual([
      { day: -DAY_MS, offsets: [DAY_MS - 1], values: [11] },
      { day: 0, offsets: [0, 5, DAY_MS - 1], values: [12, 13, 14] },
      { day: DAY_MS, offsets: [0], values: [15] },
      { day: 3 * DAY_MS, offsets: [7], values: [16] },
    ]);
  });
});

describe(chunkBytes.name, () => {
  it('has a hash of its own', () => {
    fc.assert(
      fc.property(samples, samples, (one, other) => {
        const [a, b] = [chunkBytes(chunk(one)), chunkBytes(chunk(other))];
        expect(a.hash === b.hash).toBe(a.offsets.equals(b.offsets) && a.values.equals(b.values));
      }),
    );
  });

  it('takes a negative zero for the zero that it equals', () => {
    expect(chunkBytes(chunk([[17, -0]])).hash).toBe(chunkBytes(chunk([[17, 0]])).hash);
  });

  it('joins with others to arrays that are read back as they were', () => {
    fc.assert(
      fc.property(fc.array(samples, { minLength: 1, maxLength: 4 }), (list) => {
        const { offsets, values } = joinArrays(list.map((it) => chunkBytes(chunk(it))));
        expect(readIntegers(offsets.toString('base64'))).toEqual(list.flat().map(([offset]) => offset));
        expect(readDoubles(values.toString('base64'))).toEqual(list.flat().map(([, value]) => value + 0));
      }),
    );
  });
});
