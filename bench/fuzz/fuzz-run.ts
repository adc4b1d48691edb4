import type { NormalizedDay } from '../../src/health-data/canonical';
import type { RawAnswer } from '../../src/providers/provider';
import { ProviderPayloadInvalid } from '../../src/providers/provider-errors';
import { seeded } from '../vendor-month';
import { factsOf } from './facts';
import {
  mutate,
  placesOf,
  removeAt,
  somePlace,
  toText,
  type Mutation,
  type Path,
  type Random,
} from './mutation';
import { problemsOf } from './well-formed';

export type Normalize = (answer: RawAnswer) => NormalizedDay;

export interface FuzzOptions {
  runs: number;
  seed: number;
  answers: RawAnswer[];
  normalize: Normalize;
}

export interface FuzzResult {
  runs: number;
  refused: number;
  /** Cases in which the rest of an answer was compared with what it was before. */
  compared: number;
  uncaught: string[];
  malformed: string[];
  lost: string[];
  /** Milliseconds, one a case. */
  times: number[];
}

/** One answer of the vendor, and what is to be known of it once. */
interface Subject {
  date: string;
  text: string;
  places: Path[];
  facts: Map<string, unknown>;
  /** What remains of it without one of its places. */
  without: Map<string, Map<string, unknown> | null>;
}

/** Worked out of several values: another of them that may be true changes these too. */
const DERIVED = / (asleepSeconds|stageSeconds \w+)$|^daily (steps|sleep_\w+)$/;
/** At most so many of a kind are told. */
const TOLD = 20;

/** Changes answers at one place or several, always the same way for a seed, and looks at what becomes of them. */
export function fuzz({ runs, seed, answers, normalize }: FuzzOptions): FuzzResult {
  const random = seeded(seed);
  const subjects = answers.map((answer) => toSubject(answer, normalize));
  const result: FuzzResult = {
    runs,
    refused: 0,
    compared: 0,
    uncaught: [],
    malformed: [],
    lost: [],
    times: [],
  };
  for (let run = 0; run < runs; run += 1)
    oneCase(subjects[Math.floor(random() * subjects.length)], normalize, random, result);
  return result;
}

function toSubject(answer: RawAnswer, normalize: Normalize): Subject {
  const text = answer.body.toString();
  const facts = factsOf(normalize(answer));
  return { date: answer.date, text, places: placesOf(JSON.parse(text)), facts, without: new Map() };
}

function oneCase(subject: Subject, normalize: Normalize, random: Random, result: FuzzResult): void {
  const answer: unknown = JSON.parse(subject.text);
  const isSingle = random() < 0.75;
  const { places } = subject;
  const mutations = [mutate(answer, places[Math.floor(random() * places.length)] ?? [], random)];
  if (!isSingle)
    for (let more = random() * 5; more > 0; more -= 1)
      mutations.push(mutate(answer, somePlace(answer, random), random));
  const told = `${subject.date} ${mutations.map(({ kind, path }) => `${kind} ${path.join('.')}`).join(', ')}`;
  const body = Buffer.from(toText(answer));
  const started = performance.now();
  let day: NormalizedDay;
  try {
    day = normalize({ date: subject.date, status: 200, body });
  } catch (error) {
    if (error instanceof ProviderPayloadInvalid) result.refused += 1;
    else tell(result.uncaught, `${told}: ${String(error)}`);
    return;
  } finally {
    result.times.push(performance.now() - started);
  }
  for (const problem of problemsOf(day, subject.date)) tell(result.malformed, `${told}: ${problem}`);
  if (!isSingle) return;
  const rest = restOf(subject, mutations[0], normalize);
  if (rest === null) return;
  result.compared += 1;
  const lost = lostFrom(factsOf(day), subject.facts, rest, mutations[0]);
  if (lost.length > 0) tell(result.lost, `${told}: ${lost.slice(0, 3).join('; ')}`);
}

/** What of an answer does not depend on the changed place: it is said with that place, and without it. */
function restOf(subject: Subject, { costs }: Mutation, normalize: Normalize): Map<string, unknown> | null {
  if (costs === null) return subject.facts;
  const key = costs.join('/');
  if (!subject.without.has(key)) subject.without.set(key, factsWithout(subject, costs, normalize));
  return subject.without.get(key)!;
}

function factsWithout(subject: Subject, place: Path, normalize: Normalize): Map<string, unknown> | null {
  if (place.length === 0) return null;
  const answer: unknown = JSON.parse(subject.text);
  removeAt(answer, place);
  try {
    const body = Buffer.from(JSON.stringify(answer));
    return factsOf(normalize({ date: subject.date, status: 200, body }));
  } catch (error) {
    if (error instanceof ProviderPayloadInvalid) return null;
    throw error;
  }
}

function lostFrom(
  found: Map<string, unknown>,
  before: Map<string, unknown>,
  rest: Map<string, unknown>,
  { mayBeTrue }: Mutation,
): string[] {
  return [...before]
    .filter(([name, value]) => rest.get(name) === value && found.get(name) !== value)
    .map(([name]) => name)
    .filter((name) => !(mayBeTrue && DERIVED.test(name)));
}

function tell(list: string[], line: string): void {
  if (list.length < TOLD) list.push(line);
}
