import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { Random } from '../../simulator/life/random';
import { FaultCluster } from './harness/fault-cluster';
import type { Figure, Scenario } from './harness/scenario';
import { ServerProcess } from './harness/server-process';
import { SCENARIOS } from './scenarios';

const HELP = `Usage: npm run test:faults [-- OPTIONS]

Real server processes on a real PostgreSQL with fsync on, and a simulated vendor that keeps a ledger: killed, frozen, cut off and
lied to. Prints one line a figure; the exit code is 0 only if every one is reached.

  --long        full counts (on demand); without it the short form of at most ten minutes
  --only NAME   one scenario; repeatable
  --seed TEXT   the chance of an earlier run, which prints its seed
  --list        the scenarios
  --help        this text
`;

interface Options {
  long: boolean;
  seed: string;
  scenarios: readonly Scenario[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      long: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (values.list) return print(SCENARIOS.map(({ name, summary }) => `${name.padEnd(22)} ${summary}`));
  const seed = values.seed ?? randomBytes(4).toString('hex');
  await runAll({ long: values.long, seed, scenarios: chosen(values.only) });
}

function chosen(names: string[]): readonly Scenario[] {
  const unknown = names.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown !== undefined)
    throw new Error(
      `there is no scenario ${unknown}; there are ${SCENARIOS.map(({ name }) => name).join(', ')}`,
    );
  return names.length === 0 ? SCENARIOS : SCENARIOS.filter(({ name }) => names.includes(name));
}

async function runAll(options: Options): Promise<void> {
  const began = performance.now();
  print([`Fault suite, ${options.long ? 'long' : 'short'} form, seed ${options.seed}`, '']);
  const cluster = await FaultCluster.start();
  let missed = 0;
  try {
    for (const scenario of options.scenarios) missed += await runOne(scenario, cluster, options);
  } finally {
    ServerProcess.killAll();
    await cluster.stop({ keep: missed > 0 });
  }
  const seconds = Math.round((performance.now() - began) / 1_000);
  print(['', `${missed === 0 ? 'Every figure reached' : `${missed} figure(s) MISSED`} in ${seconds} s`]);
  if (missed === 0) return;
  print([
    `Logs: ${cluster.directory}. Again with the same chance: npm run test:faults -- --seed ${options.seed}`,
  ]);
  process.exitCode = 1;
}

/** @returns how many of its figures were missed */
async function runOne(scenario: Scenario, cluster: FaultCluster, { long, seed }: Options): Promise<number> {
  const began = performance.now();
  const random = new Random(`${seed}/${scenario.name}`);
  const say = (line: string) => void process.stderr.write(`  ${scenario.name}: ${line}\n`);
  const figures = await scenario
    .run({ cluster, long, random, say })
    .catch((error: unknown): Figure[] => [
      { text: `${scenario.name}: broke off: ${messageOf(error)}`, reached: false },
    ]);
  for (const { text, reached, note } of figures)
    print([`${text} … ${reached ? 'REACHED' : 'MISSED'}`, ...(note === undefined ? [] : [`    ${note}`])]);
  say(`${Math.round((performance.now() - began) / 1_000)} s`);
  return figures.filter(({ reached }) => !reached).length;
}

const print = (lines: string[]) => void process.stdout.write(`${lines.join('\n')}\n`);
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

// Only the servers' logs are worth reading, and they have files of their own.
Logger.overrideLogger(false);
process.on('exit', () => ServerProcess.killAll());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`test:faults: ${messageOf(error)}\n`);
    process.exit(1);
  },
);
