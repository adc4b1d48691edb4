/**
 * Largest Triangle Three Buckets (Sveinn Steinarsson, "Downsampling Time Series for Visual Representation", 2013): of
 * equal shares of the points between the first and the last, the one that spans the largest triangle with the point
 * chosen before it and the mean of the share after it.
 * @param at ascending
 * @param points at least 3
 * @returns indices of at most so many points, ascending: the first and the last, and those that keep the curve's shape
 */
export function curvePoints(at: number[], values: number[], points: number): number[] {
  const last = at.length - 1;
  if (at.length <= points) return [...at.keys()];
  const share = (last - 1) / (points - 2);
  const startOf = (bucket: number) => Math.floor(bucket * share) + 1;
  const chosen = [0];
  for (let bucket = 0; bucket < points - 2; bucket++) {
    const [start, end] = [startOf(bucket), startOf(bucket + 1)];
    const next = meanPoint(at, values, end, bucket === points - 3 ? last + 1 : startOf(bucket + 2));
    chosen.push(largestTriangle(at, values, { start, end, from: chosen[bucket], next }));
  }
  return [...chosen, last];
}

interface Point {
  at: number;
  value: number;
}

function meanPoint(at: number[], values: number[], start: number, end: number): Point {
  const mean = { at: 0, value: 0 };
  for (let index = start; index < end; index++) {
    // Differences to the first one: sums of epoch milliseconds lose digits.
    mean.at += (at[index] - at[start]) / (end - start);
    mean.value += values[index] / (end - start);
  }
  return { at: at[start] + mean.at, value: mean.value };
}

function largestTriangle(
  at: number[],
  values: number[],
  { start, end, from, next }: { start: number; end: number; from: number; next: Point },
): number {
  const [wide, high] = [next.at - at[from], next.value - values[from]];
  let [largest, best] = [-1, start];
  for (let index = start; index < end; index++) {
    const area = Math.abs(wide * (values[index] - values[from]) - (at[index] - at[from]) * high);
    if (area <= largest) continue;
    [largest, best] = [area, index];
  }
  return best;
}
