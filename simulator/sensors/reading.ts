/** An instant in epoch seconds and what the sensor said then. */
export type Reading = [at: number, value: number];

export function values(readings: Reading[]): number[] {
  return readings.map(([, value]) => value);
}

export function mean(numbers: number[]): number | null {
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

export function within(readings: Reading[], start: number, end: number): Reading[] {
  return readings.filter(([at]) => at >= start && at < end);
}
