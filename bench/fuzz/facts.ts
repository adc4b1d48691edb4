import type { NormalizedDay, SleepSession } from '../../src/health-data/canonical';

/** A day as a flat list of what it says, to ask of another whether it says the same. */
export function factsOf(day: NormalizedDay): Map<string, unknown> {
  const facts = new Map<string, unknown>();
  for (const { code, instants, values } of day.series)
    for (let index = 0; index < instants.length; index += 1)
      facts.set(`${code} ${instants[index]}`, values[index]);
  for (const { code, value } of day.daily) facts.set(`daily ${code}`, value);
  for (const { category, value, components } of day.scores) {
    facts.set(`score ${category}`, value);
    addFields(facts, `score ${category}`, components);
  }
  day.sleeps.forEach((sleep, index) => addSleep(facts, `sleep ${index}`, sleep));
  return facts;
}

function addSleep(facts: Map<string, unknown>, name: string, sleep: SleepSession): void {
  const { stages, graphs, details, ...fields } = sleep;
  const { cycles, movements, ...others } = details ?? {};
  addFields(facts, name, { ...fields, details: others });
  for (const { start, ...stage } of stages) addFields(facts, `${name} stage ${start}`, stage);
  for (const { start, ...cycle } of cycles ?? []) addFields(facts, `${name} cycle ${start}`, cycle);
  for (const { at, intensity } of movements ?? []) facts.set(`${name} movement ${at}`, intensity);
  for (const [code, { instants, values, ...around }] of Object.entries(graphs)) {
    addFields(facts, `${name} ${code}`, around);
    instants.forEach((at, index) => facts.set(`${name} ${code} ${at}`, values[index]));
  }
}

function addFields(facts: Map<string, unknown>, name: string, fields: object | null): void {
  for (const [key, value] of Object.entries(fields ?? {}))
    if (typeof value === 'object' && value !== null) addFields(facts, `${name} ${key}`, value);
    else if (value !== null && value !== undefined) facts.set(`${name} ${key}`, value);
}
