import { DateTime } from 'luxon';

export function durationText(seconds: number): string {
  const [hours, minutes] = hoursAndMinutes(seconds);
  return hours === 0 ? `${minutes}m` : `${hours}h ${minutes}m`;
}

/** The vendor sends its app ready-made markup. */
export function durationMarkup(seconds: number): string {
  const [hours, minutes] = hoursAndMinutes(seconds);
  return `${hours}<b><small>h</small></b> ${minutes}<b><small>m</small></b>`;
}

export function clockText(at: number, zone: string): string {
  return DateTime.fromSeconds(at, { zone }).setLocale('en-US').toFormat('h:mm a');
}

function hoursAndMinutes(seconds: number): [number, number] {
  return [Math.floor(seconds / 3600), Math.round((seconds % 3600) / 60)];
}
