import fc from 'fast-check';
import { curvePoints } from './curve';

describe(curvePoints.name, () => {
  const samples = fc
    .uniqueArray(fc.tuple(fc.nat({ max: 1_000_000 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
      minLength: 1,
      maxLength: 300,
      selector: ([at]) => at,
    })
    .map((found) => found.toSorted(([a], [b]) => a - b));

  it('keeps the first, the last and as many between them as are wanted, in order', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 3, max: 100 }), (found, wanted) => {
        const at = found.map(([instant]) => instant + 1_790_000_000_000);
        const values = found.map(([, value]) => value);
        const chosen = curvePoints(at, values, wanted);
        expect(chosen).toHaveLength(Math.min(at.length, wanted));
        expect([chosen[0], chosen.at(-1)]).toEqual([0, at.length - 1]);
        expect(
          chosen.every((index, i) => Number.isInteger(index) && (i === 0 || index > chosen[i - 1])),
        ).toBe(true);
      }),
    );
  });

  it('keeps a peak that stands out, wherever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 3, max: 50 }), (peak, wanted) => {
        const at = Array.from({ length: 1_000 }, (_, index) => index * 300_000);
        const values = at.map((_, index) => (index === peak ? 200 : 60));
        expect(curvePoints(at, values, wanted)).toContain(peak);
      }),
    );
  });

  it('chooses the largest triangles', () => {
    // By hand: of the shares [1, 2], [3, 4], [5, 6] between the ends, 2 makes the larger triangle with 0 and the mean of
    // the next share, then 3 with 2, then 6 with 3 and the last.
    expect(curvePoints([0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 5, -3, 0, 1, 4, 0], 5)).toEqual([0, 2, 3, 6, 7]);
  });
});
