import type { NormalizedDay, SleepSession } from '../../src/health-data/canonical';
import { DAY_RANGES, SAMPLE_RANGES, SLEEP_RANGES } from './catalogue-ranges';

const HOUR_MS = 3_600_000;

/** What is wrong with a day, whatever answer it was made of. Nothing here comes from the server's own tables. */
export function problemsOf(day: NormalizedDay, date: string): string[] {
  const problems: string[] = [];
  const check = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  check(day.date === date, 'date');
  check(day.startsAt === null || isNear(day.startsAt, date), 'startsAt');
  for (const { code, instants, values } of day.series) {
    check(instants.length > 0 && instants.length === values.length, `${code} length`);
    check(isAscending(instants) && instants.every((at) => isNear(at, date)), `${code} instants`);
    check(
      values.every((value) => isWithin(value, SAMPLE_RANGES[code])),
      `${code} range`,
    );
  }
  for (const it of day.daily)
    check(it.date === date && isWithin(it.value, DAY_RANGES[it.code]), `daily ${it.code}`);
  for (const { category, date: of, value, components } of day.scores) {
    check(of === date && (value === null ? components !== null : isWithin(value, [0, 100])), category);
    for (const part of Object.values(components ?? {}))
      check(part.value === null || isWithin(part.value, [0, 100]), `${category} component`);
  }
  problems.push(...day.sleeps.flatMap((sleep) => sleepProblems(sleep, date)));
  check(isUnique(day.series), 'series twice');
  check(isUnique(day.daily), 'daily twice');
  check(isUnique(day.scores), 'scores twice');
  for (const { path, count } of [...day.unmapped, ...day.rejected])
    check(/^[a-z0-9_#.-]{1,400}$/.test(path) && count > 0, `path ${path}`);
  const text = JSON.stringify(day);
  // What PostgreSQL's jsonb cannot hold, and what JSON cannot.
  check(!text.includes(String.raw`\u0000`) && !/\\ud[89a-f]/i.test(text), 'text');
  return problems;
}

function sleepProblems(sleep: SleepSession, date: string): string[] {
  const problems: string[] = [];
  const { start, end, stages, graphs, details } = sleep;
  if (sleep.date !== date) problems.push('sleep date');
  if (!(end > start && end - start <= 24 * HOUR_MS && isNear(end, date))) problems.push('sleep times');
  const isInside = (at: number) => at >= start - HOUR_MS && at <= end + HOUR_MS;
  stages.forEach((stage, index) => {
    const follows = index === 0 || stage.start >= stages[index - 1].end;
    const tossTurns = stage.tossTurns ?? 0;
    if (!(stage.end > stage.start && follows && isInside(stage.start) && isInside(stage.end)))
      problems.push('stages');
    if (!isWithin(tossTurns, [0, 500])) problems.push('toss turns');
  });
  for (const [code, { instants, values, statistics = {} }] of Object.entries(graphs)) {
    const levels = [...values, ...Object.values(statistics).filter((it) => it !== null)];
    if (!levels.every((it) => isWithin(it, SAMPLE_RANGES[code]))) problems.push(`${code} curve`);
    if (!isAscending(instants) || !instants.every(isInside)) problems.push(`${code} curve instants`);
  }
  const moments = [
    ...(details?.movements ?? []).map(({ at }) => at),
    ...(details?.cycles ?? []).flatMap((cycle) => [cycle.start, cycle.end]),
  ];
  if (!moments.every(isInside)) problems.push('moments');
  for (const [path, range] of Object.entries(SLEEP_RANGES)) {
    const value = valueAt(sleep, path);
    if (value !== null && value !== undefined && !isWithin(value, range)) problems.push(`sleep ${path}`);
  }
  return problems;
}

const isWithin = (value: unknown, [min, max]: readonly [number, number] = [Number.NaN, 0]): boolean =>
  typeof value === 'number' && value >= min && value <= max && Number.isFinite(value);

/** Any zone of the world, and a night before. */
const isNear = (at: number, date: string): boolean =>
  at >= Date.parse(date) - 26 * HOUR_MS && at <= Date.parse(date) + 36 * HOUR_MS;

const isAscending = (instants: number[]): boolean =>
  instants.every((at, index) => Number.isInteger(at) && (index === 0 || at > instants[index - 1]));

const isUnique = (items: object[]): boolean =>
  new Set(items.map((item) => ('code' in item ? item.code : (item as { category: string }).category)))
    .size === items.length;

const valueAt = (holder: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], holder);
