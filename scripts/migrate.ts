import '../src/config/required-node';
import 'reflect-metadata';
import { installJobQueue } from '../src/database/job-queue';
import { withDatabase } from './command-database';

const HELP = `Usage: npm run migrate

Brings the schema of the server's database up to date and says what it applied. The server does the same at its start;
run this first where the server's role may not change the schema. Settings come from the environment and .env.
`;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(HELP);
  await withDatabase([], async (database, url) => {
    const applied = await database.runMigrations();
    await installJobQueue(url);
    const names = applied.map(({ name }) => `Applied ${name}.\n`).join('');
    process.stdout.write(names || 'The schema is up to date.\n');
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
