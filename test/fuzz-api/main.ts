import 'reflect-metadata';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { fuzzApi } from './fuzz-run';
import { report } from './report';
import { FuzzWorld } from './world';

const HELP = `npm run fuzz:api [-- --runs N] [--seed N] [--only TEXT] [--log LEVEL]

Sends requests made from the API document to a real server with data: to every operation, with good, nearly good and
nonsensical parameters, bodies and headers, with ids that exist and ids that do not, with cursors of earlier
answers, by callers with every kind of credential and with none. Exits with 1 if any answer is a failure of the server,
has a status that the document does not declare, a body that does not fit the declared schema, or refuses the cursor of
a page that an answer has offered; each with the request as a curl line.

  --runs N      requests (default 20000), at least 100 of them to each operation
  --seed N      the chance of an earlier run, which prints its seed
  --only TEXT   only operations whose name holds the text, such as "POST /api/v1/users"
  --log LEVEL   of the server (default silent); error shows why it failed
  --help        this text`;

const MAX_SEED = 0x7fff_ffff;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '20000' },
      seed: { type: 'string', default: String(randomInt(MAX_SEED)) },
      only: { type: 'string', default: '' },
      log: { type: 'string', default: 'silent' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(HELP);
  const [runs, seed] = [wholeNumber('runs', values.runs), wholeNumber('seed', values.seed)];
  if (values.log === 'silent') Logger.overrideLogger(false);
  console.log(`seed ${seed}`);
  const world = await FuzzWorld.start(values.log);
  try {
    const result = await fuzzApi(world, { runs, seed, only: values.only });
    for (const line of report(result)) console.log(line);
    if (result.faults.length > 0) process.exitCode = 1;
  } finally {
    await world.close();
  }
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a whole number, such as 1000`);
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
