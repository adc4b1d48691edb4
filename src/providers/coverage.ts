import { SERIES_ALIASES, SERIES_TYPES, type SeriesCode } from '../health-data/canonical';
import type { CoverageAlias, CoverageCategory, CoverageResponse, WorkoutCoverage } from './coverage.dto';
import type { ProviderDefinition } from './provider';

/** The order of Open Wearables. */
const CATEGORIES = [
  'Heart & Cardiovascular',
  'Blood & Respiratory',
  'Body Composition',
  'Fitness Metrics',
  'Activity - Basic',
  'Activity - Distance',
  'Activity - Walking',
  'Activity - Running',
  'Activity - Swimming',
  'Activity - Generic',
  'Environmental',
  'Provider-Specific',
  'Other',
];

/** What the definitions promise, turned round: by code, who offers it. All lists are sorted. */
export function coverageOf(definitions: ProviderDefinition[]): CoverageResponse {
  const series = offeredBy<SeriesCode>(definitions, ({ series, daily }) => [...series, ...daily]);
  return {
    providers: definitions.map(({ slug }) => slug).toSorted(),
    timeseries: byCategory(series),
    workout_fields: [],
    sleep_fields: offeredBy(definitions, ({ sleepFields }) => sleepFields),
    menstrual_cycle_fields: [],
    health_scores: offeredBy(definitions, ({ scores }) => scores),
    aliases: aliases(series),
    workouts: definitions.map(toWorkoutCoverage),
  };
}

interface Offered<Code extends string> {
  code: Code;
  providers: string[];
}

function offeredBy<Code extends string>(
  definitions: ProviderDefinition[],
  codesOf: (offers: ProviderDefinition['offers']) => readonly Code[],
): Offered<Code>[] {
  const providers = new Map<Code, Set<string>>();
  for (const { slug, offers } of definitions)
    for (const code of codesOf(offers)) providers.set(code, (providers.get(code) ?? new Set()).add(slug));
  return [...providers]
    .map(([code, slugs]) => ({ code, providers: [...slugs].toSorted() }))
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

function byCategory(series: Offered<SeriesCode>[]): CoverageCategory[] {
  return CATEGORIES.map((name) => ({
    name,
    metrics: series
      .filter(({ code }) => SERIES_TYPES[code].category === name)
      .map(({ code, providers }) => ({ code, unit: SERIES_TYPES[code].unit, providers })),
  })).filter(({ metrics }) => metrics.length > 0);
}

const aliases = (series: Offered<SeriesCode>[]): CoverageAlias[] =>
  Object.entries(SERIES_ALIASES).flatMap(([code, alias_of]) => {
    const offered = series.find((it) => it.code === alias_of);
    return offered ? [{ code, alias_of: offered.code, providers: offered.providers }] : [];
  });

const toWorkoutCoverage = ({ slug, offers: { workouts } }: ProviderDefinition): WorkoutCoverage => ({
  provider: slug,
  offered: workouts,
  note: workouts ? null : 'not offered by the provider',
});
