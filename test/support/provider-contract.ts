import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAILY_RANGES, SERIES_TYPES, type NormalizedDay } from '../../src/health-data/canonical';
import type { RawAnswer, WearableProvider } from '../../src/providers/provider';
import { ProviderPayloadInvalid } from '../../src/providers/provider-errors';

/** A folder of answers, named `<asked date>-<what is special>.json`. At least one must hold data. */
export interface ContractSubject {
  provider: WearableProvider;
  fixtures: string;
}

const HTTPS_OR_LOOPBACK = /^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1)[:/]/;
const SCORE_CATEGORIES = ['sleep', 'recovery', 'activity', 'metabolic'];

/** What every provider must keep to, so that nothing outside its folder needs to know it. */
export function describeProviderContract(name: string, load: () => Promise<ContractSubject>): void {
  describe(`provider contract: ${name}`, () => {
    let provider: WearableProvider;
    let answers: RawAnswer[];

    beforeAll(async () => {
      const subject = await load();
      provider = subject.provider;
      answers = readFixtures(subject.fixtures);
    });

    it('has a slug for URLs and a name, an SVG icon and a device', () => {
      const { slug, name, iconSvg, devices } = provider.definition;
      expect(slug).toMatch(/^[a-z][a-z0-9_-]{1,31}$/);
      expect(name.trim()).not.toBe('');
      expect(iconSvg.trim()).toMatch(/^<svg[^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>$/);
      expect(iconSvg).not.toMatch(/<script|on\w+=|href=/i);
      for (const { model } of devices) expect(model).toMatch(/^[a-z0-9_]+$/);
    });

    it('reaches its vendor by https, or on this machine for a simulator', () => {
      const { authorizeUrl, tokenUrl, revokeUrl, scopes } = provider.definition.oauth;
      for (const url of [authorizeUrl, tokenUrl, revokeUrl ?? tokenUrl])
        expect(url).toMatch(HTTPS_OR_LOOPBACK);
      expect(scopes.length).toBeGreaterThan(0);
    });

    it('is configured, or says which settings are missing', () => {
      const { credentials, missingSettings } = provider.definition;
      expect(missingSettings.length > 0).toBe(credentials === null);
    });

    it('offers only codes that this server knows', () => {
      const { series, daily, scores } = provider.definition.offers;
      for (const code of [...series, ...daily]) expect(Object.keys(SERIES_TYPES)).toContain(code);
      for (const category of scores) expect(SCORE_CATEGORIES).toContain(category);
    });

    it('takes whole positive limits', () => {
      const { limits, normalizerVersion } = provider.definition;
      for (const limit of [
        limits.maxDaysPerFetch,
        limits.concurrentPerUser,
        Math.ceil(limits.requestsPerSecond),
        limits.historyDays ?? 1,
        normalizerVersion,
      ])
        expect(Number.isInteger(limit) && limit > 0).toBe(true);
    });

    it('normalizes its fixtures to well-formed days, some of them with data', () => {
      const days = answers.map((answer) => provider.normalize(answer));
      expect(days.map(({ outcome }) => outcome)).toContain('data');
      days.forEach((day, index) => {
        expect(day.date).toBe(answers[index].date);
        expectWellFormed(day);
      });
    });

    it('shows in its fixtures everything that it offers', () => {
      const days = answers.map((answer) => provider.normalize(answer));
      const { series, daily, scores } = provider.definition.offers;
      const codes = (of: 'series' | 'daily') => days.flatMap((day) => day[of].map(({ code }) => code));
      expect(codes('series')).toEqual(expect.arrayContaining([...series]));
      expect(codes('daily')).toEqual(expect.arrayContaining([...daily]));
      const categories = days.flatMap((day) => day.scores.map(({ category }) => category));
      expect(categories).toEqual(expect.arrayContaining([...scores]));
    });

    it('has one device for everything, and others only for what they claim', () => {
      const { devices, offers } = provider.definition;
      expect(devices[0].measures).toBeUndefined();
      const claimed = devices.slice(1).flatMap(({ measures }) => [...measures!.codes, ...measures!.scores]);
      expectUnique(claimed);
      expectUnique(devices.map(({ model }) => model));
      const offered: string[] = [...offers.series, ...offers.daily, ...offers.scores];
      expect(claimed.some((code) => offered.includes(code))).toBe(devices.length > 1);
    });

    it('names the keys by which the items of its lists are told apart', () => {
      const keys = provider.definition.listKeys;
      expectUnique([...keys]);
      for (const key of keys) expect(key).toMatch(/^\w+$/);
    });

    it('tells of what it could not use by key path and kind, never by value', () => {
      for (const { unmapped, rejected } of answers.map((answer) => provider.normalize(answer))) {
        expectUnique(unmapped.map(({ kind, path }) => `${kind} ${path}`));
        expectUnique(rejected.map(({ path, reason }) => `${path} ${reason}`));
        for (const { path, count, sample } of [...unmapped, ...rejected]) {
          expect(path).toMatch(/^[a-z0-9_#-]{1,64}(\.[a-z0-9_#-]{1,64})*$/);
          expect(path).not.toMatch(/\d{3}/);
          expect(count).toBeGreaterThan(0);
          if (sample.literal !== null) expect(sample.literal).toMatch(/^[a-z_]{1,32}$/);
        }
      }
    });

    it('normalizes purely: the same answer twice gives the same day, and stays as it is', () => {
      for (const answer of answers) {
        const before = Buffer.from(answer.body);
        const first = structuredClone(provider.normalize(answer));
        expect(provider.normalize(answer)).toEqual(first);
        expect(answer.body.equals(before)).toBe(true);
      }
    });

    it('takes 404 for a day without data', () => {
      const day = provider.normalize({ date: '2026-02-11', status: 404, body: Buffer.alloc(0) });
      expect(day).toMatchObject({ date: '2026-02-11', outcome: 'empty', series: [], daily: [], sleeps: [] });
    });

    it.each([
      ['no body', () => ''],
      ['HTML', () => '<!doctype html><html><body>We are down</body></html>'],
      ['an unknown envelope', () => '{"surprise":[1]}'],
      [
        'an answer cut short',
        () =>
          longest(answers)
            .subarray(0, longest(answers).length / 2)
            .toString(),
      ],
    ])('refuses %s', (_what, body) => {
      const raw = { date: '2026-02-12', status: 200, body: Buffer.from(body()) };
      expect(() => provider.normalize(raw)).toThrow(ProviderPayloadInvalid);
    });
  });
}

/** Sorted, without repeats, inside the hard ranges, and safe to store. */
export function expectWellFormed(day: NormalizedDay): void {
  for (const { code, instants, values } of day.series) {
    const [min, max] = SERIES_TYPES[code].hardRange;
    expect(instants.length).toBeGreaterThan(0);
    expect(values).toHaveLength(instants.length);
    expectAscending(instants);
    for (const value of values) expect(value >= min && value <= max).toBe(true);
  }
  expectUnique(day.series.map(({ code }) => code));
  for (const { code, date, value } of day.daily) {
    const [min, max] = DAILY_RANGES[code] ?? SERIES_TYPES[code].hardRange;
    expect([date, value >= min && value <= max]).toEqual([day.date, true]);
  }
  expectUnique(day.daily.map(({ code }) => code));
  for (const sleep of day.sleeps) expectWellFormedSleep(sleep, day.date);
  for (const { date, value, components } of day.scores) {
    expect(date).toBe(day.date);
    // A score of null is one of which only the components are known.
    expect(value === null ? components !== null : value >= 0 && value <= 100).toBe(true);
  }
  expectUnique(day.scores.map(({ category }) => category));
  // PostgreSQL's jsonb cannot hold NUL, and JSON no NaN.
  expect(JSON.stringify(day)).not.toContain(String.raw`\u0000`);
  expect(JSON.parse(JSON.stringify(day))).toEqual(day);
}

function expectWellFormedSleep(sleep: NormalizedDay['sleeps'][number], date: string): void {
  const { start, end, stages, stageSeconds, graphs } = sleep;
  expect(sleep.date).toBe(date);
  expect(end > start && end - start <= 86_400_000).toBe(true);
  stages.forEach((interval, index) => {
    expect(interval.end).toBeGreaterThan(interval.start);
    if (index > 0) expect(interval.start).toBeGreaterThanOrEqual(stages[index - 1].end);
  });
  for (const seconds of [...Object.values(stageSeconds ?? {}), sleep.asleepSeconds ?? 0])
    expect(seconds >= 0).toBe(true);
  for (const { instants, values } of Object.values(graphs)) {
    expectAscending(instants);
    expect(values).toHaveLength(instants.length);
  }
}

const expectAscending = (instants: number[]): void =>
  expect(instants.every((at, index) => index === 0 || at > instants[index - 1])).toBe(true);

const expectUnique = (names: string[]): void => expect(new Set(names).size).toBe(names.length);

export function readFixtures(folder: string): RawAnswer[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ date: file.slice(0, 10), status: 200, body: readFileSync(join(folder, file)) }));
}

const longest = (answers: RawAnswer[]): Buffer =>
  answers.map(({ body }) => body).toSorted((a, b) => b.length - a.length)[0];
