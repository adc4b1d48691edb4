import { Day, sleepStageAt } from '../life/day';
import { Noise } from '../life/random';

/** Saturation in whole per cent; a little lower in dreams. */
export function oxygenAt(day: Day, at: number): number {
  const usual = day.persona.oxygen?.usual ?? 97;
  const drift = new Noise(`${day.seed}/${day.persona.id}/oxygen`).at(at, 3000);
  const dip = sleepStageAt(day, at) === 'rem' ? 0.7 : 0;
  return Math.min(100, Math.round(usual - dip + 1.3 * drift));
}
