import '../src/config/required-node';
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { ApiKey } from '../src/access/api-key.entity';
import { ApiKeysService } from '../src/access/api-keys.service';
import { Developer } from '../src/access/developers/developer.entity';
import { DEFAULT_SCOPES, SCOPES, type ScopeName } from '../src/access/scope';
import { serverSettings } from '../src/config/env';
import { Clock } from '../src/database/clock';
import { withDatabase } from './command-database';

const HELP = `Usage: npm run key:create -- --name NAME [--scopes read,write,connect,sync,ops]

Makes an API key in the server's database and prints it. It is stored as a keyed hash only, so this is the one
time that it can be read. Settings come from the environment and .env; VITALBASE_ENV decides between sk-vb_test_… and
sk-vb_live_… keys.

  --name NAME      whose key it is, such as the name of the client app
  --scopes LIST    what it may do (default: read,write,connect,sync)
                     read     read users, connections and health data
                     write    create users, delete sleeps
                     connect  start the sign-in with a provider
                     sync     start a sync
                     ops      for operators only: drift, replays, metrics
`;

const isScope = (text: string): text is ScopeName => SCOPES.some((scope) => scope === text);

function readScopes(text: string | undefined): ScopeName[] {
  if (text === undefined) return DEFAULT_SCOPES;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !isScope(name));
  if (unknown.length > 0) {
    throw new Error(`--scopes knows no "${unknown.join('", "')}"; choose from ${SCOPES.join(', ')}`);
  }
  return names.filter(isScope);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { name: { type: 'string' }, scopes: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return void process.stdout.write(HELP);
  const { name } = values;
  if (!name) throw new Error('--name is missing: say whose key it is, such as --name "my app"');
  const scopes = readScopes(values.scopes);
  await withDatabase([ApiKey, Developer], async (database) => {
    await database.runMigrations();
    const keys = new ApiKeysService(database.getRepository(ApiKey), new Clock());
    const { key } = await keys.create({ name, scopes, environment: serverSettings().VITALBASE_ENV });
    process.stdout.write(`${key}\n`);
    process.stderr.write(`Keep it now: it cannot be shown again. It may: ${scopes.join(', ')}.\n`);
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
