import { Clock } from '../../../src/database/clock';

/** One time for several processes of a machine: each works it out from the same four numbers. */
export interface ClockSetting {
  /** The time (ISO 8601) that it was at `realMs`, epoch milliseconds of the machine's clock. */
  at: string;
  realMs: number;
  /** Seconds a real second; 0 stops the clock. */
  scale: number;
  /** How far this one process is off. */
  skewMs: number;
}

/** A server's clock that runs as fast as a scenario wants. */
export class ScaledClock extends Clock {
  constructor(private setting: ClockSetting) {
    super();
  }

  set(setting: ClockSetting): void {
    this.setting = setting;
  }

  override now(): Date {
    return timeOf(this.setting);
  }
}

export const timeOf = ({ at, realMs, scale, skewMs }: ClockSetting): Date =>
  new Date(Date.parse(at) + (Date.now() - realMs) * scale + skewMs);
