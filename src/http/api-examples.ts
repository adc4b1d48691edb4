/** The user whom `npm run demo` creates, so that the examples of the API page work against it as they stand. */
export const EXAMPLE_USER_ID = '7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60';

const DAY_MS = 86_400_000;

/** The dates in the examples: the week up to and with `today`, which the demo has data for. */
export function exampleDates(today: Date): { start: string; end: string } {
  return { start: utcDate(today.getTime() - 6 * DAY_MS), end: utcDate(today.getTime() + DAY_MS) };
}

const utcDate = (ms: number) => new Date(ms).toISOString().slice(0, 10);
