import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { buildOpenApi } from '../src/openapi';
import { createApp } from '../src/create-app';
import { ProviderRegistry } from '../src/providers/provider.registry';

/** It looks at the app without starting it: no database, no network, no settings of one's own. */
const FILE = 'openapi.json';

/** Fixed, so that the file changes only when the API does. */
const EXAMPLES_OF = new Date('2026-08-08T00:00:00Z');

const SETTINGS = {
  DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing',
  ENCRYPTION_KEYS: `none:${Buffer.alloc(32).toString('base64')}`,
  API_KEY_PEPPER: Buffer.alloc(32).toString('base64'),
  LOG_LEVEL: 'error',
};

async function document(): Promise<string> {
  Object.assign(process.env, SETTINGS);
  const app = await createApp([], { connect: false });
  // Found by a hook that runs only in an app that is started.
  app.get(ProviderRegistry).onModuleInit();
  return `${JSON.stringify(buildOpenApi(app, { today: EXAMPLES_OF }), null, 2)}\n`;
}

const HELP = `Usage: npm run openapi [-- --check]

Writes ${FILE}, the description of the API, from the code. Needs no database and no settings.

  --check   only say whether the file is what the code says; the exit code is 1 if it is not
`;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(HELP);
  const wanted = await document();
  if (!process.argv.includes('--check')) return writeFile(FILE, wanted);
  const found = await readFile(FILE, 'utf8').catch(() => '');
  if (found === wanted) return;
  process.stderr.write(
    `${FILE} is not what the code says${firstDifference(found, wanted)}\nRun: npm run openapi\n`,
  );
  process.exitCode = 1;
}

function firstDifference(found: string, wanted: string): string {
  const [before, after] = [found.split('\n'), wanted.split('\n')];
  const line = after.findIndex((text, index) => text !== before[index]);
  if (line < 0) return `: it goes on after line ${after.length}.`;
  return `, first in line ${line + 1}:\n- ${before[line] ?? '(end of the file)'}\n+ ${after[line]}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
