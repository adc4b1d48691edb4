import { isRecord } from '../http/exchange';
import { sampleVendorDay } from '../testing/sample-vendor-day';
import { VendorDay } from '../truth/vendor-day';
import { dayEntries } from './day-answer';
import { Entry } from './entry';
import { UiNoise } from './ui-noise';

const encode = (changes: Partial<VendorDay> = {}) =>
  dayEntries(sampleVendorDay({ generation: 'nested', ...changes }), ['ring_data', 'cgm_data']);
const answers = (noise: UiNoise, count: number, changes: Partial<VendorDay> = {}) =>
  Array.from({ length: count }, () => noise.dress(encode(changes), '1008/2026-05-04'));

const presentation =
  /^(sub)?title$|^header$|^state_title$|^trend_|deeplink$|infoDeeplink|^tag|color$|icon_url|^display_text|tracking_params$|^score_trend$/;

/** What is left of an answer for somebody who does not look at the screen. */
function dataOf(entries: Entry[]): unknown {
  const sorted = entries.map((entry) => strip(entry)).map((entry) => JSON.stringify(entry));
  return sorted.toSorted();
}

function strip(value: unknown, inside = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => strip(item, inside));
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(
    ([key]) =>
      !(presentation.test(key) && !(inside === 'summary' && key === 'title')) &&
      !(inside === 'quick_metrics_tiled' && key === 'value'),
  );
  return Object.fromEntries(
    kept
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([key, field]) => [key, strip(field, key)]),
  );
}

describe('UiNoise', () => {
  it('never sends the same bytes twice, and always the same data', () => {
    const sent = answers(new UiNoise(true), 50);
    expect(new Set(sent.map((entries) => JSON.stringify(entries))).size).toBe(50);
    for (const entries of sent) expect(dataOf(entries)).toEqual(dataOf(encode()));
  });

  it('has bytes of its own even for a day of two figures', () => {
    const sent = answers(new UiNoise(true), 20, { synced: false });
    expect(new Set(sent.map((entries) => JSON.stringify(entries))).size).toBe(20);
  });

  it('changes wording, trends, links, colours, markup and order', () => {
    const sent = answers(new UiNoise(true), 30);
    const texts = sent.map((entries) => JSON.stringify(entries));
    const share = (part: string) => texts.filter((text) => text.includes(part)).length;
    for (const part of [
      '"title":"HEART RATE"',
      '"trend_title"',
      '<b>6h 40m</b>',
      '"tag_color":"7AC142"',
      '"tag":"New"',
    ]) {
      expect([part, share(part) > 0]).toEqual([part, true]);
      expect([part, share(part) < 30]).toEqual([part, true]);
    }
    expect(new Set(sent.map(([first]) => first.type)).size).toBeGreaterThan(3);
  });

  it('off, sends the same bytes for the same data', () => {
    const [one, other] = answers(new UiNoise(false), 2);
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
    expect(one).toEqual(encode());
  });

  it('hangs on the date and the number of answers alone', () => {
    const [[one], [same]] = [answers(new UiNoise(true), 1), answers(new UiNoise(true), 1)];
    expect(same).toEqual(one);
    const other = new UiNoise(true).dress(encode(), '1008/2026-05-05');
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(one));
  });
});
