import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { normalizeAnswer } from '../src/providers/ultrahuman/normalize/normalize';
import { fuzz } from './fuzz/fuzz-run';
import { seeded, vendorMonth } from './vendor-month';

const HELP = `npm run fuzz [-- --runs N] [--seed N]

Changes the vendor's answers at random, always the same way for a seed, and holds the normalizer to what it promises:
no uncaught error, nothing outside of the catalogue's hard ranges, nothing lost beside a bad value. Then it measures a
normal day. Exits with 1 if a promise is broken or such a day takes more than 5 ms of CPU on average.

  --runs N   cases (default 100000)
  --seed N   (default 1)`;

const NORMAL_DAY_MS = 5;
const FIXTURES = join('src', 'providers', 'ultrahuman', 'fixtures');

function main(): void {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const runs = wholeNumber('runs', values.runs);
  const answers = readdirSync(FIXTURES)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ date: file.slice(0, 10), status: 200, body: readFileSync(join(FIXTURES, file)) }));
  const started = performance.now();
  const result = fuzz({ runs, seed: wholeNumber('seed', values.seed), answers, normalize: normalizeAnswer });
  const seconds = (performance.now() - started) / 1_000;
  const { uncaught, malformed, lost } = result;
  for (const line of [...uncaught, ...malformed, ...lost]) console.error(line);
  console.log(
    `${runs} mutated answers in ${seconds.toFixed(1)} s (${Math.round(runs / seconds)} a second): ` +
      `${uncaught.length} uncaught errors, ${malformed.length} malformed days, ${lost.length} with something lost ` +
      `(${result.compared} compared), ${result.refused} refused, ${told(result.times)}`,
  );
  const { cpuMs, times } = normalDays();
  console.log(
    `a normal day: ${cpuMs.toFixed(2)} ms of CPU (at most ${NORMAL_DAY_MS}), by the clock ${told(times)}`,
  );
  const isSlow = cpuMs > NORMAL_DAY_MS;
  if (isSlow || uncaught.length + malformed.length + lost.length > 0) process.exitCode = 1;
}

/** Days of more than a thousand points. The processor's time judges: the clock's is also that of other programs. */
function normalDays(): { cpuMs: number; times: number[] } {
  const days = vendorMonth('2026-03-30', seeded(2)).map(({ date, body }) => ({ date, status: 200, body }));
  const before = process.cpuUsage();
  const times = Array.from({ length: 50 }, () =>
    days.map((day) => {
      const started = performance.now();
      normalizeAnswer(day);
      return performance.now() - started;
    }),
  ).flat();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000 / times.length, times };
}

function told(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)];
  return `${mean(times).toFixed(2)} ms on average, p99 ${p99.toFixed(2)} ms`;
}

const mean = (times: number[]): number => times.reduce((sum, time) => sum + time, 0) / times.length;

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a whole number, such as 1000`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
