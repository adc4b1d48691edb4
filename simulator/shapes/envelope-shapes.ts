import { addDays } from '../life/local-day';
import { localDateOf } from '../replay/local-date-of';
import { objectOf, OpenedAnswer, Shape } from './opened-answer';

const hugeBytes = 20 * 1024 * 1024;

export const dayRemoved: Shape = ({ wrap }) => wrap([]);

/** No data, the legacy way: `data` is a list. */
export const dataList: Shape = () => ({ data: [], error: null, status: 200 });

/** An error that says so in its body only. */
export const errorIn200: Shape = () => ({ data: null, error: 'Internal Server Error', status: 500 });

/** E2 whose one key is the date before. */
export const otherDateKey: Shape = (answer) => ({
  data: {
    metrics: { [addDays(dateOf(answer), -1)]: answer.entries },
    latest_time_zone: answer.zone,
  },
  error: null,
  status: 'ok',
});

/** All of it in the wording of one title. */
export const huge: Shape = ({ entries, wrap }) => {
  const [first, ...rest] = entries;
  const title = 'x'.repeat(hugeBytes);
  return wrap(first === undefined ? [] : [{ ...first, object: { ...objectOf(first), title } }, ...rest]);
};

function dateOf({ date, entries, zone }: OpenedAnswer): string {
  if (date !== null) return date;
  const starts = entries.map((entry) => objectOf(entry).day_start_timestamp);
  const start = starts.find((at): at is number => typeof at === 'number') ?? 0;
  return localDateOf(start, typeof zone === 'string' ? zone : null);
}
