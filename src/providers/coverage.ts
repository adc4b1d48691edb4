import { INTERNAL, SERIES_ALIASES, SERIES_TYPES, type SeriesCode } from '../health-data/canonical';
import { OPEN_WEARABLES_CODES } from '../health-data/open-wearables-codes';
import type {
  CoverageAlias,
  CoverageCategory,
  CoverageResponse,
  CoveredField,
  CoveredMetric,
  WorkoutCoverage,
} from './coverage.dto';
import type { ProviderDefinition } from './provider';

/** The order of Open Wearables; the last is additive. */
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
  'Sleep',
];

/** Names of Open Wearables; every other one is additive. */
const KNOWN = {
  series: new Set<string>(OPEN_WEARABLES_CODES),
  sleepFields: new Set([
    'sleep_awake_minutes',
    'sleep_deep_minutes',
    'sleep_efficiency_score',
    'sleep_light_minutes',
    'sleep_rem_minutes',
    'sleep_stages',
    'sleep_time_in_bed_minutes',
    'sleep_total_duration_minutes',
  ]),
  scores: new Set(['sleep', 'recovery', 'activity', 'resilience']),
};

/** What the definitions promise, turned round: by code, who offers it. All lists are sorted. */
export function coverageOf(definitions: ProviderDefinition[]): CoverageResponse {
  const series = offeredBy<SeriesCode>(definitions, ({ series, daily }) => [...series, ...daily]);
  return {
    providers: definitions.map(({ slug }) => slug).toSorted(),
    timeseries: byCategory(series, definitions),
    workout_fields: [],
    sleep_fields: fields(
      offeredBy(definitions, ({ sleepFields }) => sleepFields),
      KNOWN.sleepFields,
    ),
    menstrual_cycle_fields: [],
    health_scores: fields(offeredScores(definitions), KNOWN.scores),
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

/** What the providers compute, and what this server computes itself as soon as one of them tells enough. */
function offeredScores(definitions: ProviderDefinition[]): Offered<string>[] {
  const offersOf = definitions.map(({ offers }) => offers);
  const knowsSleep = offersOf.some(({ sleepFields }) => sleepFields.includes('sleep_total_duration_minutes'));
  const knowsNights = offersOf.some(({ sleepFields }) => sleepFields.includes('avg_hrv_rmssd_ms'));
  const scores = new Map(
    offeredBy(definitions, (offers) => offers.scores).map(({ code, providers }) => [
      code as string,
      providers,
    ]),
  );
  if (knowsSleep) scores.set('sleep', [...(scores.get('sleep') ?? []), INTERNAL].toSorted());
  if (knowsNights) scores.set('resilience', [INTERNAL]);
  return [...scores]
    .map(([code, providers]) => ({ code, providers }))
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

function byCategory(series: Offered<SeriesCode>[], definitions: ProviderDefinition[]): CoverageCategory[] {
  return CATEGORIES.map((name) => ({
    name,
    metrics: series
      .filter(({ code }) => SERIES_TYPES[code].category === name)
      .map((offered) => toMetric(offered, definitions)),
  })).filter(({ metrics }) => metrics.length > 0);
}

const toMetric = (
  { code, providers }: Offered<SeriesCode>,
  definitions: ProviderDefinition[],
): CoveredMetric => ({
  code,
  unit: SERIES_TYPES[code].unit,
  providers,
  additive: !KNOWN.series.has(code),
  devices: definitions.flatMap(({ slug, devices, offers }) =>
    devices
      .filter(({ measures }) => measures?.codes.includes(code) && offersCode(offers, code))
      .map(({ model }) => ({ provider: slug, device: model })),
  ),
  target_range:
    definitions.map(({ offers }) => offers.targets?.[code]).find((it) => it !== undefined) ?? null,
});

const offersCode = ({ series, daily }: ProviderDefinition['offers'], code: SeriesCode) =>
  series.includes(code) || daily.includes(code);

const fields = (offered: Offered<string>[], known: Set<string>): CoveredField[] =>
  offered.map((field) => ({ ...field, additive: !known.has(field.code) }));

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
