import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { coveragePage } from './covered/coverage-page';
import { Emitted } from './covered/emitted';
import { offersFile } from './covered/offers-file';
import { readmeTable } from './covered/readme-table';

const OFFERS = 'src/providers/ultrahuman/ultrahuman.offers.ts';
const PAGE = 'docs/coverage.md';
const README = 'README.md';

const HELP = `Usage: npm run coverage [-- --check]

Reads four weeks of every simulated person with the real normalizer, and writes from what comes out:
  ${OFFERS}, ${PAGE} and the table of ${README}. Needs no database and no settings.

  --check   only say whether the files are what the code makes; the exit code is 1 if one is not
`;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(HELP);
  const wanted = await generated();
  if (!process.argv.includes('--check')) {
    for (const [file, text] of wanted) await writeFile(file, text);
    return;
  }
  for (const [file, text] of wanted) {
    if ((await readFile(file, 'utf8').catch(() => '')) === text) continue;
    process.stderr.write(`${file} is not what the code makes. Run: npm run coverage\n`);
    process.exitCode = 1;
  }
}

async function generated(): Promise<Map<string, string>> {
  const emitted = await Emitted.bySimulator();
  const style = await resolveConfig(OFFERS);
  return new Map([
    [OFFERS, await format(offersFile(emitted), { ...style, filepath: OFFERS })],
    [PAGE, coveragePage(emitted)],
    [README, between(await readFile(README, 'utf8'), readmeTable(emitted))],
  ]);
}

/** The readme with another table between its markers. */
function between(readme: string, table: string): string {
  const [start, end] = ['<!-- coverage:start -->', '<!-- coverage:end -->'];
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${README} has lost its lines ${start} and ${end}`);
  return `${readme.slice(0, from + start.length)}\n\n${table}\n${readme.slice(to)}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
