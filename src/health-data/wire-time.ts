import { offsetMs } from './zone-offset';

/** ISO 8601 in UTC as Open Wearables writes it: without a fraction where there is none. */
export const wireTime = (at: Date | number) => new Date(at).toISOString().replace('.000Z', 'Z');

/** The same instant as the clock on the wall showed it: `2026-08-07T05:52:00+05:30`, in UTC where its offset is not known. */
export function wireLocalTime(at: Date, offset: string | null): string {
  if (offset === null) return wireTime(at);
  return wireTime(at.getTime() + offsetMs(offset)).replace('Z', offset);
}
