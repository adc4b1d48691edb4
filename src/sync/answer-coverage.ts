import type { NormalizedDay, SeriesSamples, SleepSession } from '../health-data/canonical';

type Item = Record<string, unknown>;

/**
 * Whether an answer holds a counterpart of every point and scalar of an older one, whose value may be another. Items of
 * a list are told apart by `identityKeys`, else by their place; the values of these keys must be the same. Text counts
 * only where it is a number or a time: words and links differ from answer to answer.
 */
export function covers(newer: unknown, older: unknown, identityKeys: readonly string[]): boolean {
  if (Array.isArray(older)) return coversList(asList(newer), older, identityKeys);
  if (isItem(older)) return coversItem(isItem(newer) ? newer : {}, older, identityKeys);
  if (!isScalar(older)) return true;
  return newer !== null && newer !== undefined && typeof newer !== 'object';
}

function coversItem(newer: Item, older: Item, identityKeys: readonly string[]): boolean {
  return Object.entries(older).every(([key, value]) =>
    identityKeys.includes(key) && typeof value !== 'object'
      ? newer[key] === value
      : covers(newer[key], value, identityKeys),
  );
}

function coversList(newer: unknown[], older: unknown[], identityKeys: readonly string[]): boolean {
  const candidates = Map.groupBy(newer, (item) => identityOf(item, identityKeys));
  const wanted = Map.groupBy(older, (item) => identityOf(item, identityKeys));
  return [...wanted].every(([identity, items]) => {
    const found = candidates.get(identity) ?? [];
    return items.every((item, index) => covers(found[index], item, identityKeys));
  });
}

/** Such as `[["type","hr"]]`; `[]` for what has none. */
function identityOf(item: unknown, identityKeys: readonly string[]): string {
  if (!isItem(item)) return '[]';
  const own = identityKeys.filter((key) => item[key] !== undefined && typeof item[key] !== 'object');
  return JSON.stringify(own.map((key) => [key, item[key]]));
}

const isItem = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const isScalar = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && isMeasure(value));

/** `61.5`, `2026-03-01` or `2026-03-01T…`. With a sign it is the wording of a trend, such as `+7`. */
const isMeasure = (text: string): boolean =>
  /^\s*\d+(\.\d+)?\s*$/.test(text) || /^\d{4}-\d{2}-\d{2}/.test(text);

/**
 * Whether folding the newer answer alone comes to the same as folding the older one and then the newer: each of its
 * samples, values, sleeps and scores has a counterpart, on a day that begins at the same instant in the same zone.
 * What `covers` finds may still have been refused for its value.
 */
export function coversDay(newer: NormalizedDay, older: NormalizedDay): boolean {
  return (
    (older.startsAt ?? newer.startsAt) === newer.startsAt &&
    (older.timeZone ?? newer.timeZone) === newer.timeZone &&
    older.series.every((samples) => coversSamples(seriesOf(newer, samples), samples)) &&
    older.daily.every((value) =>
      newer.daily.some(({ code, date }) => code === value.code && date === value.date),
    ) &&
    older.sleeps.every((sleep) => newer.sleeps.some((candidate) => isSameSpan(candidate, sleep))) &&
    older.scores.every((score) =>
      newer.scores.some(({ category, date }) => category === score.category && date === score.date),
    ) &&
    // Words of an unknown type look like the vendor's texts: nobody can say yet that they are none.
    older.unmapped.every(({ kind, path, count }) =>
      newer.unmapped.some((it) => it.kind === kind && it.path === path && it.count >= count),
    )
  );
}

const seriesOf = ({ series }: NormalizedDay, { code }: SeriesSamples): ReadonlySet<number> =>
  new Set(series.find((it) => it.code === code)?.instants);

const coversSamples = (newer: ReadonlySet<number>, { instants }: SeriesSamples): boolean =>
  instants.every((at) => newer.has(at));

const isSameSpan = (one: SleepSession, other: SleepSession): boolean =>
  one.start === other.start && one.end === other.end && one.date === other.date;
