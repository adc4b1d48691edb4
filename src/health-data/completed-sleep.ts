import type { NightCurve, NightCurveCode, SleepDetails, SleepSession, StageInterval } from './canonical';

/**
 * A sleep that is stored already, as a later answer leaves it: what the answer says counts, what it says nothing of
 * stays, since absence never deletes.
 * @param settled no list gets shorter: for old days vendors fall back to older, smaller revisions
 */
export function completedSleep(answered: SleepSession, stored: SleepSession, settled: boolean): SleepSession {
  return {
    ...filled(answered, stored),
    stages: completedStages(answered.stages, stored.stages, settled),
    graphs: completedGraphs(answered.graphs, stored.graphs, settled),
    details: completedDetails(answered.details ?? {}, stored.details ?? {}, settled),
  };
}

function completedStages(
  answered: StageInterval[],
  stored: StageInterval[],
  settled: boolean,
): StageInterval[] {
  if (fuller(answered, stored, settled) === stored) return stored;
  const known = new Map(stored.map((it) => [`${it.stage} ${it.start} ${it.end}`, it]));
  return answered.map((it) => ({ ...known.get(`${it.stage} ${it.start} ${it.end}`), ...it }));
}

function completedGraphs(
  answered: SleepSession['graphs'],
  stored: SleepSession['graphs'],
  settled: boolean,
): SleepSession['graphs'] {
  const codes = Object.keys({ ...stored, ...answered }) as NightCurveCode[];
  return Object.fromEntries(
    codes.map((code) => [code, completedCurve(answered[code], stored[code], settled)]),
  );
}

function completedCurve(
  answered: NightCurve | undefined,
  stored: NightCurve | undefined,
  settled: boolean,
): NightCurve | undefined {
  if (answered === undefined || stored === undefined) return answered ?? stored;
  const points = fuller(answered.instants, stored.instants, settled) === stored.instants ? stored : answered;
  // What stands around an older, smaller curve is older too.
  const fellBack = points === stored && answered.instants.length > 0;
  const [first, second] = fellBack ? [stored, answered] : [answered, stored];
  return {
    ...filled(first, second),
    statistics: filled(first.statistics, second.statistics),
    instants: points.instants,
    values: points.values,
  };
}

function completedDetails(answered: SleepDetails, stored: SleepDetails, settled: boolean): SleepDetails {
  return {
    ...filled(answered, stored),
    stagePercent: filled(answered.stagePercent, stored.stagePercent),
    cycles: fuller(answered.cycles, stored.cycles, settled),
    movements: fuller(answered.movements, stored.movements, settled),
    heartRateDrop: completedDrop(answered.heartRateDrop, stored.heartRateDrop),
    // A mark comes with its value only, so one that is missing may go with a value that stays.
    beta: union(stored.beta, answered.beta),
    // That the vendor has finished is told by the absence of this one.
    provisional: answered.provisional,
    aside: completedAside(answered.aside, stored.aside),
  };
}

/** The time of another lowest value would be wrong. */
function completedDrop(
  answered: SleepDetails['heartRateDrop'],
  stored: SleepDetails['heartRateDrop'],
): SleepDetails['heartRateDrop'] {
  return answered === undefined || answered.value === stored?.value ? filled(answered, stored) : answered;
}

function completedAside(
  answered: SleepDetails['aside'],
  stored: SleepDetails['aside'],
): SleepDetails['aside'] {
  if (answered === undefined || stored === undefined) return answered ?? stored;
  return { ...filled(answered, stored), daily: { ...stored.daily, ...answered.daily } };
}

/** The first, with the second's fields where it has none. */
function filled<T extends object>(first: T, second: T | undefined): T;
function filled<T extends object>(first: T | undefined, second: T | undefined): T | undefined;
function filled<T extends object>(first: T | undefined, second: T | undefined): T | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const told = Object.entries(first).filter(([, value]) => value !== null && value !== undefined);
  return { ...second, ...Object.fromEntries(told) };
}

/** The answered list, unless it is empty, or of a settled day and shorter. */
function fuller<L extends unknown[] | undefined>(answered: L, stored: L, settled: boolean): L {
  if (answered === undefined || answered.length === 0) return stored;
  return settled && answered.length < (stored?.length ?? 0) ? stored : answered;
}

function union(stored: string[] | undefined, answered: string[] | undefined): string[] | undefined {
  return stored === undefined ? answered : [...new Set([...stored, ...(answered ?? [])])];
}
