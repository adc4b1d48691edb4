import { addDays, dayNumber, weekday } from './local-day';
import { Life } from './life';
import { Random } from './random';

/** The newest days are always worn: whoever tries the demo wants to see last night, not an empty page. */
const alwaysWornDays = 5;
const weeksBetweenUnworn = 4;

/**
 * Whether the ring lay in a drawer all that day. Days drawn by chance end before the anchor, so an answer never
 * changes while the simulator keeps its state; the weekends go by the calendar.
 */
export function isUnworn(life: Life, date: string): boolean {
  const { unwornDaysPerMonth, unwornWeekends } = life.persona;
  if (unwornWeekends && isUnwornWeekend(date)) return true;
  if (unwornDaysPerMonth === 0 || date > addDays(life.anchor, -alwaysWornDays)) return false;
  return unwornDays(life, date.slice(0, 7)).has(Number(date.slice(8)));
}

/** Weeks are counted from Monday 1969-12-29. Until 2029 no change of the clocks on Lord Howe falls on one of these. */
function isUnwornWeekend(date: string): boolean {
  const week = Math.floor((dayNumber(date) + 3) / 7);
  return weekday(date) >= 6 && week % weeksBetweenUnworn === 2;
}

function unwornDays({ persona, seed }: Life, month: string): Set<number> {
  const random = new Random(`${seed}/${persona.id}/${month}/unworn`);
  const days = new Set<number>();
  while (days.size < persona.unwornDaysPerMonth) days.add(random.int(2, 28));
  return days;
}
