import { Clock } from '../../src/database/clock';

/** Stands still until it is moved. */
export class TestClock extends Clock {
  constructor(private at: Date) {
    super();
  }

  override now(): Date {
    return this.at;
  }

  set(at: Date): void {
    this.at = at;
  }

  advance(seconds: number): void {
    this.at = new Date(this.at.getTime() + seconds * 1_000);
  }
}
