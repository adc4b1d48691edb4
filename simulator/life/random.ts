/** Everything random hangs on a text key, so any day can be made on its own and always comes out the same. */
export function hashKey(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return scramble(hash);
}

function scramble(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x21f0aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

export class Random {
  private state: number;

  constructor(key: string) {
    this.state = hashKey(key);
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    return scramble(this.state) / 0x1_0000_0000;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Both ends included. */
  int(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.next());
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

/** A wandering curve between −1 and 1 that can be read at any instant without having been walked to it. */
export class Noise {
  private readonly seed: number;

  constructor(key: string) {
    this.seed = hashKey(key);
  }

  at(t: number, period: number): number {
    const position = t / period;
    const left = Math.floor(position);
    const fraction = position - left;
    const eased = fraction * fraction * (3 - 2 * fraction);
    return this.white(left) * (1 - eased) + this.white(left + 1) * eased;
  }

  /** Independent from one integer to the next. */
  white(index: number): number {
    return (scramble((this.seed ^ Math.imul(index, 0x9e3779b1)) >>> 0) / 0x1_0000_0000) * 2 - 1;
  }
}
