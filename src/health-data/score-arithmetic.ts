/** Points of a line from left to right; beyond its ends it goes on level. */
export type Curve = readonly (readonly [x: number, y: number])[];

export function onCurve(x: number, curve: Curve): number {
  const next = curve.findIndex(([at]) => at >= x);
  if (next === 0) return curve[0][1];
  if (next < 0) return curve[curve.length - 1][1];
  const [[x0, y0], [x1, y1]] = [curve[next - 1], curve[next]];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

export const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a sample: over one value less than there are, of which there must be two. */
export function standardDeviation(values: number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
