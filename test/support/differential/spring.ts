import type { Comparison } from './comparison';
import { LivedDays, type Lifetime } from './lived-days';

export const SPRING_DAYS = 60;

/** Sixty local days with the clock changes of both America (8 March) and Europe (29 March), half of them backfilled. */
const SPRING: Omit<Lifetime, 'personas'> = {
  // Under it the vendor rolls back two Sundays after the sign-in and none before: what it had forgotten by then, no
  // backend could ever know.
  seed: 'sixty-days',
  from: '2026-02-10',
  to: '2026-04-10',
  connectedAt: new Date('2026-03-12T21:10:00Z'),
  until: new Date('2026-04-10T21:10:00Z'),
  envelope: (dayOfMonth) => (dayOfMonth % 2 === 0 ? 'e2' : 'e1'),
};

/** Lets these personas live through the spring. */
export async function livedSpring(personas: readonly number[]): Promise<Comparison[]> {
  const lived = await LivedDays.live({ ...SPRING, personas });
  try {
    const comparisons: Comparison[] = [];
    for (const persona of personas) comparisons.push(await lived.compare(persona));
    return comparisons;
  } finally {
    await lived.world.close();
  }
}
