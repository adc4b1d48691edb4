import { offsetAt } from '../life/zone-offset';

/** The wall clock at bedtime, counted on past midnight so that late nights compare with early ones. */
export function bodyClock(at: number, zone: string): number {
  const minute = Math.floor((at + offsetAt(at, zone)) / 60) % 1440;
  return minute < 720 ? minute / 60 + 24 : minute / 60;
}
