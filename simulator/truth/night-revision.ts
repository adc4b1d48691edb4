import { Night } from '../life/night';

/** How the vendor tells a night: at the wake-up, an hour later, and six hours later for good. */
export type Revision = 'first' | 'second' | 'final';

const second = 3600;
const final = 6 * 3600;

export function revisionAfter(seconds: number): Revision {
  if (seconds >= final) return 'final';
  return seconds >= second ? 'second' : 'first';
}

/** Lying awake in the morning is recognised late: none of it at first, then half, then all. */
export function asRevised(night: Night, revision: Revision): Night {
  const tail = night.stages[night.stages.length - 1];
  if (revision === 'final' || tail.stage !== 'awake') return night;
  const half = Math.ceil((tail.end - tail.start) / 120) * 60;
  const end = tail.start + (revision === 'second' ? half : 0);
  const before = night.stages.slice(0, -1);
  return {
    start: night.start,
    end,
    stages: revision === 'second' ? [...before, { ...tail, end }] : before,
    movements: night.movements.filter(({ at }) => at < end),
  };
}
