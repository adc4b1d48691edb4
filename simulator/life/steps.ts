import { Day, nightAt } from './day';
import { Noise, Random } from './random';

/** Steps of each minute of the local day, 23, 24 or 25 hours of them. */
export function minuteSteps(day: Day): number[] {
  const minutes = Math.round((day.end - day.start) / 60);
  const random = new Random(`${day.seed}/${day.persona.id}/${day.date}/steps`);
  const errands = new Noise(`${day.seed}/${day.persona.id}/errands`);
  return Array.from({ length: minutes }, (_, minute) => {
    const at = day.start + minute * 60;
    // Drawn for every minute, so that one more bout does not shift the rest of the day.
    const [mood, cadence] = [random.next(), random.next()];
    if (nightAt(day, at + 30)) return 0;
    const bout = day.bouts.find(({ start, end }) => at >= start && at < end);
    if (bout) return Math.max(0, Math.round(bout.cadence + (cadence - 0.5) * 14 * Math.sign(bout.cadence)));
    return idleSteps(day, errands.at(at, 780), mood, cadence);
  });
}

/** Sitting, pottering about, or on one's way somewhere. */
function idleSteps(day: Day, errand: number, mood: number, cadence: number): number {
  const liveliness = errand + (day.persona.restlessness - 1) * 0.2;
  if (liveliness > 0.84) return Math.round(62 + 40 * cadence);
  if (liveliness > 0.25 && mood < 0.34) return Math.round(5 + 28 * cadence);
  return mood < 0.03 ? Math.round(4 + 12 * cadence) : 0;
}
