import { isRecord } from '../http/exchange';
import { Random } from '../life/random';
import { Entry } from './entry';

/**
 * What the vendor's app draws differs from answer to answer while the data stays: wording, trends, links, colours,
 * markup, the order of the metrics. No two answers have the same bytes while this is on, and only those with other
 * data have other bytes while it is off.
 */
export class UiNoise {
  private answers = 0;

  constructor(public on: boolean) {}

  dress(entries: Entry[], key: string): Entry[] {
    if (!this.on) return entries;
    this.answers += 1;
    const random = new Random(`${key}/${this.answers}`);
    const dressed = entries.map(({ type, object }) => ({ type, object: redecorate(object, random) }));
    stamp(dressed, this.answers);
    return shuffle(dressed, random);
  }
}

type Decorate = (value: unknown, random: Random) => unknown;

/** By the name of the field; undefined leaves it out of the answer. */
const decorations: Record<string, Decorate> = {
  title: (value, random) => reword(value, random),
  subtitle: (value, random) => reword(value, random),
  header: (value, random) => reword(value, random),
  state_title: (value, random) => reword(value, random),
  trend_title: (value, random) => (random.chance(0.6) ? value : undefined),
  deeplink: link,
  infoDeeplink: link,
  education_modal_deeplink: link,
  tag: (_, random) => pick(['Optimal', 'Good', 'Fair', 'New'], random),
  tag_color: color,
  mark_color: color,
  color: (_, random) => `#${String(color(_, random))}`,
  icon_url: (value, random) => `${String(value)}?v=${random.int(100, 999)}`,
  display_text_marked_up: markup,
  tracking_params: track,
  index_tracking_params: track,
  score_trend: (value, random) => mapNumbers(value, (score) => score + random.int(-1, 1)),
};

function redecorate(object: Record<string, unknown>, random: Random, inside = ''): Record<string, unknown> {
  const decorated: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) {
    const changed = decorateField(inside, key, value, random);
    if (changed !== undefined) decorated[key] = changed;
  }
  // A direction without its text, or the other way round, was never seen.
  if (!('trend_title' in decorated)) delete decorated.trend_direction;
  return decorated;
}

function decorateField(inside: string, key: string, value: unknown, random: Random): unknown {
  // Contributors have no other name than their title.
  if (inside === 'summary' && key === 'title') return value;
  if (inside === 'quick_metrics_tiled' && key === 'value') return markup(value, random);
  if (Object.hasOwn(decorations, key)) return decorations[key](value, random);
  if (key === 'values' || key === 'data') return value;
  if (Array.isArray(value))
    return value.map((item: unknown) => (isRecord(item) ? redecorate(item, random, key) : item));
  return isRecord(value) ? redecorate(value, random, key) : value;
}

/** Makes sure: even a day of two bare figures gets bytes of its own. */
function stamp(entries: Entry[], count: number): void {
  const bare = entries.find(({ object }) => 'value' in object && !('display_text' in object));
  if (bare) bare.object.display_text = `Updated ${count} min ago`;
  else if (entries.length > 0) entries[0].object.subtitle = `Updated ${count} min ago`;
}

function reword(value: unknown, random: Random): unknown {
  if (typeof value !== 'string') return value;
  const words = [value, value.toUpperCase(), value.toLowerCase(), `${value} `, `Your ${value}`];
  return pick(words, random);
}

function link(value: unknown, random: Random): unknown {
  return random.chance(0.15) ? undefined : `${String(value)}&ref=${random.int(1000, 9999)}`;
}

function color(_: unknown, random: Random): unknown {
  return pick(['00B984', '7AC142', 'F5A623', '008A46', '004223'], random);
}

function markup(value: unknown, random: Random): unknown {
  const tag = pick(['b', 'strong', 'span'], random);
  return String(value).replaceAll('<b>', `<${tag}>`).replaceAll('</b>', `</${tag}>`);
}

function track(value: unknown, random: Random): unknown {
  const render = { key_name: 'render', value: String(random.int(100_000, 999_999)) };
  return Array.isArray(value) ? [...(value as unknown[]), render] : value;
}

function mapNumbers(value: unknown, change: (number: number) => number): unknown {
  if (!isRecord(value)) return value;
  const pairs = Object.entries(value).map(([key, field]) => [
    key,
    typeof field === 'number' ? change(field) : field,
  ]);
  return Object.fromEntries(pairs) as Record<string, unknown>;
}

function pick<Item>(items: Item[], random: Random): Item {
  return items[random.int(0, items.length - 1)];
}

function shuffle<Item>(items: Item[], random: Random): Item[] {
  return items
    .map((item) => [random.next(), item] as const)
    .toSorted(([one], [other]) => one - other)
    .map(([, item]) => item);
}
