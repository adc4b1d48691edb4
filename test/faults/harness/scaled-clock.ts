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

  /** The machine's clock, off by the skew: what the server then makes of it is its own affair. */
  override local(): number {
    return super.local() + this.setting.skewMs;
  }

  override now(): Date {
    return timeOf(this.setting, super.now().getTime());
  }
}

/** @param nowMs by a machine's clock */
export const timeOf = ({ at, realMs, scale }: ClockSetting, nowMs = Date.now()): Date =>
  new Date(Date.parse(at) + (nowMs - realMs) * scale);
