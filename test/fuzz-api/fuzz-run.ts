import fc from 'fast-check';
import { operationsOf, resolver, type Operation } from './document';
import { Judge, type Answer } from './judge';
import { draftsOf, type Draft } from './requests';
import type { SeenKind, Target } from './seen-values';
import type { FuzzWorld } from './world';

export interface FuzzOptions {
  runs: number;
  seed: number;
  /** Part of the names of the operations to ask. */
  only: string;
}

export interface FuzzResult {
  seconds: number;
  /** Of each operation how often it gave which status. */
  answered: Map<Operation, Map<number, number>>;
  /** Likewise of the requests that were made of what an earlier answer showed. */
  reused: Map<SeenKind, Map<number, number>>;
  /** Of each operation the seconds that its answers took together. */
  waited: Map<Operation, number>;
  /** Each with its request. */
  faults: string[];
}

const LEAST = 100;
const AT_ONCE = 4;
const PATIENCE_MS = 60_000;
/** A stream that is followed does not end by itself. */
const STREAM_MS = 300;
const SAY_EVERY = 2_000;

interface Turn {
  operation: Operation;
  draft: Draft;
}

/** Sends the requests, always the same ones for a seed; which ids exist then is the run's own doing. */
export async function fuzzApi(world: FuzzWorld, { runs, seed, only }: FuzzOptions): Promise<FuzzResult> {
  const started = performance.now();
  const operations = operationsOf(world.document).filter(({ name }) => name.includes(only));
  if (operations.length === 0) throw new Error(`There is no operation with ${only} in its name`);
  const run = new FuzzRun(world, operations);
  const turns = turnsOf(operations, run.resolve, runs, seed);
  let next = 0;
  const work = async () => {
    for (let turn = turns[next++]; turn !== undefined; turn = turns[next++]) {
      await run.take(turn);
      if (next % SAY_EVERY === 0) console.error(`${next} of ${turns.length}, ${run.faults.size} faults`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const seconds = (performance.now() - started) / 1_000;
  const { answered, reused, waited, faults } = run;
  return { seconds, answered, reused, waited, faults: [...faults.values()] };
}

/**
 * As many more turns for an operation as it has parameters; what changes everybody's settings comes last, and so does
 * what asks for tasks that were made there.
 */
function turnsOf(operations: Operation[], resolve: FuzzRun['resolve'], runs: number, seed: number): Turn[] {
  const weights = operations.map(
    ({ parameters, bodies }) => 1 + parameters.length + 3 * Object.keys(bodies).length,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const rest = Math.max(0, runs - LEAST * operations.length);
  const turns = operations.flatMap((operation, index) => {
    const numRuns = Math.min(runs, LEAST + Math.ceil((rest * weights[index]) / total));
    const drafts = fc.sample(draftsOf(operation, resolve), { numRuns, seed: seed + index });
    return drafts.map((draft, turn) => ({
      operation,
      draft,
      at: (turn + 0.5) / numRuns + Number(comesLast(operation)),
    }));
  });
  return turns.toSorted((one, other) => one.at - other.at);
}

const comesLast = ({ method, path, access }: Operation) =>
  path.includes('{task_id}') || (method !== 'GET' && access === 'developer' && !path.includes('{user_id}'));

class FuzzRun {
  readonly answered = new Map<Operation, Map<number, number>>();
  readonly reused = new Map<SeenKind, Map<number, number>>();
  /** Of each operation the seconds that its answers took together. */
  readonly waited = new Map<Operation, number>();
  /** By what is wrong, so that each is told once. */
  readonly faults = new Map<string, string>();
  readonly resolve;
  private readonly judge: Judge;
  private readonly paths: string[];

  constructor(
    private readonly world: FuzzWorld,
    operations: Operation[],
  ) {
    this.resolve = resolver(world.document);
    this.judge = new Judge(world.document);
    this.paths = [...new Set(operations.map(({ path }) => path.slice(0, path.lastIndexOf('}') + 1)))];
  }

  async take({ operation, draft }: Turn): Promise<void> {
    const drafted = { filled: this.world.ids.fill(operation, draft), query: draft.query };
    const target = this.world.seen.fillIn(operation, drafted);
    const url = await this.world.fillIn(this.urlOf(operation, target));
    const body = draft.body.text === undefined ? undefined : await this.world.fillIn(draft.body.text);
    const headers = {
      ...this.world.credential(draft.caller, operation),
      ...draft.headers,
      ...(draft.body.type !== undefined && { 'Content-Type': draft.body.type }),
    };
    const started = performance.now();
    const answer = await ask(url, operation.method, headers, body);
    this.waited.set(operation, (this.waited.get(operation) ?? 0) + (performance.now() - started) / 1_000);
    count(this.answered, operation, answer.status);
    for (const kind of target.used) count(this.reused, kind, answer.status);
    const faults = this.judge.faultsOf(operation, answer);
    if (target.isNextPage && answer.status === 400)
      faults.push(`refuses the cursor that it has given: ${answer.text.slice(0, 200)}`);
    for (const fault of faults) {
      const key = `${operation.name} ${fault.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, '#')}`;
      if (this.faults.has(key)) continue;
      const told = `${operation.name} ${fault}\n  ${curl(url, operation.method, headers, body)}`;
      this.faults.set(key, told);
      // At once too: what it did to the server may end the run.
      console.error(told);
    }
    if (answer.status >= 200 && answer.status < 300 && answer.type?.includes('json')) {
      const shown: unknown = JSON.parse(answer.text);
      this.world.ids.learn(operation.path, target.filled, shown, this.paths);
      this.world.seen.learn(operation, target, shown);
    }
    if (answer.status === 401 && draft.caller === 'developer' && operation.access !== null)
      await this.world.signIn();
  }

  private urlOf({ path }: Operation, { filled, query }: Target): string {
    const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(filled[name]));
    const search = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
    return `${this.world.server.url}${place}${search === '' ? '' : `?${search}`}`;
  }
}

function count<Key>(counted: Map<Key, Map<number, number>>, key: Key, status: number): void {
  const counts = counted.get(key) ?? new Map<number, number>();
  counts.set(status, (counts.get(status) ?? 0) + 1);
  counted.set(key, counts);
}

/** Halves of characters cannot be sent. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed());

async function ask(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<Answer> {
  const isGet = method === 'GET';
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(url, {
    method,
    headers,
    body: isGet ? undefined : body,
    redirect: 'manual',
    signal,
  });
  const type = answer.headers.get('content-type');
  if (type?.includes('event-stream') && answer.status === 200) {
    const reader = answer.body!.getReader();
    const first = await Promise.race([reader.read(), new Promise((end) => setTimeout(end, STREAM_MS))]);
    await reader.cancel();
    return { status: answer.status, type, text: first === undefined ? '' : 'stream' };
  }
  return { status: answer.status, type, text: await answer.text() };
}

/** For pasting into a shell. */
function curl(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string | undefined,
): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const parts = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return [
    `curl -i -X ${method}`,
    ...parts,
    ...(body === undefined ? [] : [`--data-raw ${quoted(body.slice(0, 2_000))}`]),
    quoted(url),
  ].join(' ');
}
