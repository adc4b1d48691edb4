import '../src/config/required-node';
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deleteEmbeddedPostgres, startEmbeddedPostgres } from '../src/database/embedded-postgres';
import { EXAMPLE_USER_ID } from '../src/http/api-examples';
import { Api } from './demo/api';
import { connectAndFetch } from './demo/backfill';
import { guide, shellVariables, type Access } from './demo/guide';
import { freePort } from './demo/ports';
import { ADMIN_EMAIL, createKey, serverEnvironment, startServer, startSimulator } from './demo/programs';
import { dayReport } from './demo/report';
import { Services } from './demo/services';
import { loadState, newState, saveState, writePrivately, type DemoState } from './demo/state';
import { say, seconds } from './demo/terminal';

const HELP = `Usage: npm run demo [-- OPTIONS]

Starts PostgreSQL, a simulated provider and the server, connects a user, fetches 30 days and shows last night.
Needs no account and no network. Reads neither .env nor DATABASE_URL. Everything is kept in .data/.

  --port N   port of the server (default 8000; the next free one if it is taken)
  --once     end after printing instead of serving
  --reset    delete what earlier runs left in .data/ first
  --help     this text
`;

const PROVIDER = 'ultrahuman';
const SIMULATOR_PORT = 9000;
const FOLDER = '.data';
const STATE_FILE = join(FOLDER, 'demo.json');
const ENVIRONMENT_FILE = join(FOLDER, 'demo.env');
const DATABASE = { directory: join(FOLDER, 'postgres'), log: (line: string) => say('', line) };
const logFile = (name: string) => join(FOLDER, `${name}.log`);
/** npm passes Ctrl-C on although the terminal has sent it already: only a later one is a second one. */
const SAME_KEYPRESS_MS = 1_000;

const services = new Services();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8000' },
      once: { type: 'boolean' },
      reset: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('--port must be from 1 to 65535');
  stopOnSignals();

  process.stdout.write('\nVitalbase demo\n\n');
  const state = await prepareFolder(values.reset === true);
  const access = await startAll(state, port);
  const now = new Date();
  await connectAndFetch(new Api(access.url, access.key), PROVIDER, EXAMPLE_USER_ID, now);
  print(await dayReport(new Api(access.url, access.key), EXAMPLE_USER_ID, now));
  writePrivately(ENVIRONMENT_FILE, shellVariables(access, now));
  print(guide(access, now, ENVIRONMENT_FILE));
  if (values.once) return services.stop();
  print([`Serving until Ctrl-C. Logs: ${logFile('server')}, ${logFile('simulator')}`]);
}

async function prepareFolder(reset: boolean): Promise<DemoState> {
  const found = reset ? null : loadState(STATE_FILE);
  if (found) {
    // An earlier version may not have had all of it.
    saveState(STATE_FILE, found);
    return found;
  }
  if (existsSync(DATABASE.directory)) {
    // Without the keys of `demo.json` nobody can read the database any more.
    say('Reset', `deleting what earlier runs left in ${FOLDER}/`);
    await deleteEmbeddedPostgres(DATABASE);
  }
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  // The database server may have to run as another user, who must be able to enter; the secrets have modes of their own.
  chmodSync(FOLDER, 0o755);
  const state = newState();
  saveState(STATE_FILE, state);
  return state;
}

async function startAll(state: DemoState, wantedPort: number): Promise<Access> {
  const postgres = await timed(
    'PostgreSQL',
    () => startEmbeddedPostgres(DATABASE),
    () => `in ${DATABASE.directory}`,
  );
  const simulatorPort = await freePort(SIMULATOR_PORT, sayTaken);
  const simulator = await timed(
    'Simulator',
    () => startSimulator(simulatorPort, join(FOLDER, 'simulator.json'), logFile('simulator')),
    ({ url }) => url,
  );
  const port = await freePort(wantedPort, sayTaken);
  const environment = serverEnvironment(state, {
    port,
    databaseUrl: postgres.url,
    simulatorUrl: simulator.url,
    journalFolder: join(FOLDER, 'journal'),
  });
  const server = await timed(
    'Server',
    () => startServer(environment, logFile('server')),
    ({ url }) => url,
  );
  for (const { child } of [simulator, server])
    child.onExit(() => void endedByItself(child.failure('has ended')));

  const key = await keyFor(state, server.url, environment);
  await createUser(new Api(server.url, key));
  return {
    url: server.url,
    key,
    email: ADMIN_EMAIL,
    password: state.adminPassword,
    userId: EXAMPLE_USER_ID,
    provider: PROVIDER,
  };
}

async function timed<T extends { stop: () => Promise<void> }>(
  label: string,
  launch: () => Promise<T>,
  describe: (service: T) => string,
): Promise<T> {
  const startedMs = performance.now();
  const service = await services.start(launch);
  if (!services.isStopping) say(label, `${describe(service)}, ${seconds(performance.now() - startedMs)}`);
  return service;
}

const sayTaken = (port: number) => say('', `Port ${port} is taken: trying ${port + 1}.`);

/** The same key at every run, unless the database has forgotten it. */
async function keyFor(state: DemoState, url: string, environment: Record<string, string>): Promise<string> {
  if (state.apiKey !== null && (await new Api(url, state.apiKey).acceptsKey('/users?limit=1')))
    return state.apiKey;
  const { key } = await services.start(() => createKey(environment, logFile('key')));
  rmSync(logFile('key'));
  saveState(STATE_FILE, { ...state, apiKey: key });
  return key;
}

async function createUser(api: Api): Promise<void> {
  const CONFLICT = 409;
  const user = { id: EXAMPLE_USER_ID, first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' };
  const created = await api.post('/users', user, [CONFLICT]);
  say('User', `${user.first_name} ${user.last_name}, ${user.id}${created ? '' : ' (there already)'}`);
}

const print = (lines: string[]) =>
  process.stdout.write(`\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n`);

let stoppingSinceMs: number | undefined;

function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopBySignal());
  // A pipe such as `| head` may end first; the demo then goes on serving.
  process.stdout.on('error', () => {});
  watchNpm();
}

/** Whoever kills npm means the demo too, and npm cannot tell it any more. */
function watchNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => process.ppid === npm || stopBySignal(), 1_000).unref();
}

function stopBySignal(): void {
  const nowMs = performance.now();
  if (stoppingSinceMs !== undefined) {
    // The children notice by themselves that the demo is gone.
    if (nowMs - stoppingSinceMs > SAME_KEYPRESS_MS) process.exit(130);
    return;
  }
  stoppingSinceMs = nowMs;
  process.stdout.write('\n  Stopping …\n');
  void services.stop().then(
    () => process.exit(0),
    (error) => fail(error),
  );
}

async function endedByItself(error: Error): Promise<void> {
  if (stoppingSinceMs !== undefined || services.isStopping) return;
  await services.stop();
  fail(error);
}

function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\n  ${message.replaceAll('\n', '\n  ')}\n\n`);
  process.exit(1);
}

main().catch(async (error: unknown) => {
  // While stopping, what was under way fails as a matter of course.
  if (stoppingSinceMs !== undefined) return;
  await services.stop();
  fail(error);
});
