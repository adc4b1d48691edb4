import { Random } from '../life/random';

/** A ring measures about every five minutes and never on the dot: 268 to 315 seconds apart. */
export function heartGrid(random: Random, start: number, end: number): number[] {
  const stamps: number[] = [];
  let at = start + random.int(40, 250);
  while (at < end) {
    stamps.push(at);
    const gap = random.normal(293, 10);
    at += Math.round(Math.min(315, Math.max(268, gap)));
  }
  return stamps;
}

/** The motion chip ticks steadily and is set right now and then. */
export function motionGrid(random: Random, start: number, end: number): number[] {
  const stamps: number[] = [];
  let at = start + random.int(60, 280);
  while (at < end) {
    stamps.push(at);
    at += random.chance(0.06) ? random.int(268, 315) : 293;
  }
  return stamps;
}

/** Two of three heart readings are clean enough for a variability, some of them a little later. */
export function variabilityGrid(random: Random, heart: number[], end: number): number[] {
  return heart.flatMap((at) => {
    const [clean, late, delay] = [random.chance(0.68), random.chance(0.3), random.int(2, 80)];
    const stamp = at + (late ? delay : 0);
    return clean && stamp < end ? [stamp] : [];
  });
}

/** Saturation takes a longer look: about every quarter of an hour. */
export function oxygenGrid(random: Random, start: number, end: number): number[] {
  const stamps: number[] = [];
  for (let at = start + random.int(60, 800); at < end; at += random.int(860, 940)) stamps.push(at);
  return stamps;
}
