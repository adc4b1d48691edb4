import { Day, nightAt, ringOffAt } from '../life/day';
import { Heart } from '../life/heart';
import { Random } from '../life/random';
import { Skin } from '../life/skin';
import { misread } from './faulty-ring';
import { heartGrid, motionGrid, oxygenGrid, variabilityGrid } from './grid';
import { oxygenAt } from './oxygen';
import { Reading } from './reading';

export interface RingReadings {
  hr: Reading[];
  hrv: Reading[];
  temp: Reading[];
  /** Steps since the reading before; a bucket without any says zero. */
  steps: Reading[];
  spo2: Reading[];
}

/** What the ring recorded of a whole local day. */
export function wearRing(day: Day, minuteSteps: number[]): RingReadings {
  const random = new Random(`${day.seed}/${day.persona.id}/${day.date}/ring`);
  const hearts = heartGrid(random, day.start, day.end);
  const variabilities = variabilityGrid(random, hearts, day.end);
  const motions = motionGrid(random, day.start, day.end);
  const heart = new Heart(day);
  const worn = (at: number) => ringOffAt(day, at) === null;
  const readings = {
    hr: hearts.filter(worn).map((at): Reading => [at, Math.round(heart.rate(at))]),
    hrv: variabilities.filter(worn).map((at): Reading => [at, Math.round(heart.rmssd(at))]),
    temp: temperatures(day, motions),
    steps: stepBuckets(day, motions, minuteSteps),
    spo2: saturations(day).filter(([at]) => worn(at)),
  };
  return day.persona.faultyRing ? misread(day.date, readings) : readings;
}

function temperatures(day: Day, stamps: number[]): Reading[] {
  const skin = new Skin(day);
  return stamps.flatMap((at): Reading[] => {
    const off = ringOffAt(day, at);
    if (off && off.where !== 'table') return [];
    // The sensor speaks single precision, and the vendor passes its digits on.
    return [[at, Math.fround(off ? skin.besideTheFinger(at, off) : skin.temperature(at))]];
  });
}

function stepBuckets(day: Day, stamps: number[], minuteSteps: number[]): Reading[] {
  let from = 0;
  return stamps.flatMap((at): Reading[] => {
    const to = Math.floor((at - day.start) / 60);
    const steps = minuteSteps.slice(from, to).reduce((sum, value) => sum + value, 0);
    from = to;
    const off = ringOffAt(day, at);
    if (off && off.where !== 'table') return [];
    return [[at, off ? 0 : steps]];
  });
}

/** The red light is lit only while its wearer lies still. */
function saturations(day: Day): Reading[] {
  if (!day.persona.oxygen?.series) return [];
  const random = new Random(`${day.seed}/${day.persona.id}/${day.date}/oxygen`);
  return oxygenGrid(random, day.start, day.end)
    .filter((at) => nightAt(day, at) !== null)
    .map((at) => [at, oxygenAt(day, at)]);
}
