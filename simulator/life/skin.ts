import { Day } from './day';
import { RingOff } from './day-plan';
import { Night } from './night';
import { Noise } from './random';

const room = 23.4;

/** Skin at the finger: it warms as sleep sets in and cools in the hour after waking. */
export class Skin {
  private readonly slow: Noise;
  private readonly fast: Noise;

  constructor(private readonly day: Day) {
    this.slow = new Noise(`${day.seed}/${day.persona.id}/skin`);
    this.fast = new Noise(`${day.seed}/${day.persona.id}/skin-fast`);
  }

  temperature(at: number): number {
    const { awake, asleep } = this.day.persona.skin;
    const sleepiness = Math.max(0, ...this.day.sleeps.map((night) => warmth(night, at)));
    const level = awake + (asleep - awake) * sleepiness - 0.18 * this.day.form(at);
    const weather = this.slow.at(at, 7200) * (0.9 - 0.75 * sleepiness);
    return level + weather + 0.22 * this.fast.at(at, 900) - this.exercise(at) + 0.06 * this.fast.white(at);
  }

  /** The ring beside the finger: towards the room's temperature with a time constant of some ten minutes. */
  besideTheFinger(at: number, off: RingOff): number {
    const worn = this.temperature(off.start);
    return room + (worn - room) * Math.exp(-(at - off.start) / 620) + 0.05 * this.fast.white(at);
  }

  private exercise(at: number): number {
    const bout = this.day.bouts.find(({ start, end }) => at > start && at < end);
    return bout ? 0.8 * Math.min(1, (at - bout.start) / 900) : 0;
  }
}

function warmth(night: Night, at: number): number {
  const falling = smoothstep((at - night.start - 240) / 2700);
  const rising = 1 - smoothstep((at - night.end) / 3300);
  return Math.min(falling, rising);
}

function smoothstep(x: number): number {
  const clamped = Math.min(1, Math.max(0, x));
  return clamped * clamped * (3 - 2 * clamped);
}
