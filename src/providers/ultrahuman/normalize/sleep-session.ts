import type { LocalDate, SleepDetails, SleepSession } from '../../../health-data/canonical';
import type { SleepReading } from './sleep-reading';
import { stageTotals } from './sleep-stages';

export function toSession(reading: SleepReading, date: LocalDate, isMain: boolean): SleepSession {
  const { start, end, figures, stages, graphs } = reading;
  const { night } = figures;
  return {
    date,
    start,
    end,
    ...stageTotals(figures, stages, reading),
    stages,
    efficiencyPercent: night.get('efficiency') ?? null,
    averageHeartRate: night.get('average_heart_rate') ?? null,
    averageHrvRmssd: night.get('average_hrv') ?? null,
    averageSpo2: night.get('average_spo2') ?? null,
    graphs,
    details: { ...detailsOf(reading), ...(!isMain && asideOf(reading)) },
  };
}

function detailsOf(reading: SleepReading): SleepDetails {
  const { figures, cycles, movements, beta, provisional } = reading;
  const { night } = figures;
  const drop = night.get('heart_rate_drop');
  return withoutNothings({
    timeInBedSeconds: night.get('time_in_bed'),
    stagePercent: stagePercent(reading),
    restorativePercent: night.get('restorative'),
    fullCycles: night.get('full_cycles'),
    cycles: cycles.length > 0 ? cycles : undefined,
    tossTurnCount: night.get('toss_turns'),
    movements: movements.length > 0 ? movements : undefined,
    averageRestingHeartRate: night.get('average_resting_heart_rate'),
    heartRateDrop: drop === undefined ? undefined : { at: reading.heartRateDropAt, value: drop },
    beta: beta.length > 0 ? beta : undefined,
    provisional: provisional || undefined,
  });
}

function stagePercent({ figures: { night } }: SleepReading): SleepDetails['stagePercent'] {
  const percent = withoutNothings({
    awake: night.get('awake_percent'),
    light: night.get('light_percent'),
    deep: night.get('deep_percent'),
    rem: night.get('rem_percent'),
  });
  return Object.keys(percent).length > 0 ? percent : undefined;
}

/** What the main sleep says of the date, a nap says only of itself. */
function asideOf({ figures, components }: SleepReading): Pick<SleepDetails, 'aside'> {
  const score = figures.scores.get('sleep')?.value ?? null;
  const daily = Object.fromEntries([...figures.daily].map(([code, { value }]) => [code, value]));
  const isSilent = score === null && components === null && figures.daily.size === 0;
  return isSilent ? {} : { aside: { score, components, daily } };
}

function withoutNothings<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
