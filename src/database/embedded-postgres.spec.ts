import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformFile } from '@swc/core';
import { Client } from 'pg';
import {
  deleteEmbeddedPostgres,
  openEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from './embedded-postgres';
import { until } from './postgres-process';

const STARTER = `
  const { startEmbeddedPostgres } = require('./embedded-postgres');
  startEmbeddedPostgres({ directory: process.argv[2], durable: false, log: () => {} }).then(({ url }) => {
    setInterval(() => {}, 1_000);
    console.log(url);
  });
`;

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'vitalbase-embedded-'));
  await chmod(directory, 0o755);
  return directory;
}

describe('the embedded PostgreSQL', () => {
  let program: string;
  let directory: string;
  let said: string[];
  const servers: EmbeddedPostgres[] = [];
  const starters: ChildProcess[] = [];

  /** The same code as plain JavaScript, for processes of its own that can be killed. */
  beforeAll(async () => {
    program = await mkdtemp(join(tmpdir(), 'vitalbase-starter-'));
    for (const file of (await readdir(__dirname)).filter((name) => /postgres[a-z-]*\.ts$/.test(name))) {
      const { code } = await transformFile(join(__dirname, file));
      await writeFile(join(program, file.replace('.ts', '.js')), code);
    }
    await writeFile(join(program, 'starter.js'), STARTER);
  });
  afterAll(() => rm(program, { recursive: true, force: true }));

  // One database for most tests: making one takes a second.
  beforeAll(async () => {
    directory = await newDirectory();
  });
  afterAll(() => deleteEmbeddedPostgres({ directory, log: () => {} }));

  beforeEach(() => {
    said = [];
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    starters.splice(0).forEach((starter) => starter.kill('SIGKILL'));
  });

  async function start({ durable = false, at = directory } = {}): Promise<EmbeddedPostgres> {
    const log = (line: string) => said.push(line);
    const server = await startEmbeddedPostgres({ directory: at, durable, log, patienceMs: 300 });
    servers.push(server);
    return server;
  }

  async function startElsewhere(): Promise<{ starter: ChildProcess; url: string }> {
    const env = { ...process.env, NODE_PATH: join(process.cwd(), 'node_modules') };
    const starter = spawn(process.execPath, [join(program, 'starter.js'), directory], { env });
    starters.push(starter);
    const [line] = await once(starter.stdout, 'data');
    return { starter, url: String(line).trim() };
  }

  const serverPid = async () =>
    Number.parseInt(await readFile(join(directory, 'data/postmaster.pid'), 'utf8'), 10);
  const hasEnded = (pid: number) => until(async () => !isRunning(pid), 10_000);

  async function kill(starter: ChildProcess): Promise<void> {
    starter.kill('SIGKILL');
    await once(starter, 'exit');
  }

  it('keeps its data and its password over a restart', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE note_17 AS SELECT 17 AS number');
    await first.stop();

    const second = await start();
    expect(await query(second.url, 'SELECT number FROM note_17')).toEqual([{ number: 17 }]);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
    expect((await stat(join(directory, 'password'))).mode & 0o777).toBe(0o600);
  });

  it('is UTF-8, ordered by code point, in UTC, on 127.0.0.1 only', async () => {
    const { url } = await start();
    expect(
      await query(
        url,
        `SELECT pg_encoding_to_char(encoding) AS encoding, datcollate, current_setting('TimeZone') AS zone,
                current_setting('listen_addresses') AS listens FROM pg_database WHERE datname = current_database()`,
      ),
    ).toEqual([{ encoding: 'UTF8', datcollate: 'C', zone: 'UTC', listens: '127.0.0.1' }]);
    expect(new URL(url).hostname).toBe('127.0.0.1');
  });

  it('ends when its starter is killed, and starts again with all that was committed', async () => {
    const { starter, url } = await startElsewhere();
    await query(url, 'CREATE TABLE note_23 AS SELECT 23 AS number');
    const orphan = await serverPid();
    await kill(starter);
    expect(await hasEnded(orphan)).toBe(true);

    const { url: again } = await start();
    expect(await query(again, 'SELECT number FROM note_23')).toEqual([{ number: 23 }]);
  });

  it('stops an orphan and says so', async () => {
    const { starter, url } = await startElsewhere();
    await query(url, 'CREATE TABLE note_29 AS SELECT 29 AS number');
    const orphan = await serverPid();
    // The helper that would have stopped the server is killed too.
    const helpers = await shellsOf(starter.pid!);
    helpers.forEach((pid) => process.kill(pid, 'SIGKILL'));
    await kill(starter);
    expect(isRunning(orphan)).toBe(true);

    const { url: again } = await start();
    expect(said).toEqual([
      `Stopped the PostgreSQL (process ${orphan}) that an earlier, killed run had left behind.`,
    ]);
    expect(await hasEnded(orphan)).toBe(true);
    expect(await query(again, 'SELECT number FROM note_29')).toEqual([{ number: 29 }]);
  });

  it('recovers after the server itself was killed', async () => {
    const { url, stop } = await start({ durable: true });
    await query(url, 'CREATE TABLE note_31 AS SELECT 31 AS number');
    const pid = await serverPid();
    process.kill(pid, 'SIGKILL');
    await hasEnded(pid);
    await stop();

    const { url: again } = await start();
    expect(await query(again, 'SELECT number FROM note_31')).toEqual([{ number: 31 }]);
  });

  it('starts although the pid of a killed server belongs to another process by now', async () => {
    await (await start()).stop();
    await writeFile(
      join(directory, 'data', 'postmaster.pid'),
      `${process.ppid}\n${directory}/data\n1\n5555\n\n\n\nready\n`,
    );
    expect(await query((await start()).url, 'SELECT 37 AS number')).toEqual([{ number: 37 }]);
  });

  it('makes the database anew when an earlier try was killed half-way', async () => {
    const half = await newDirectory();
    await mkdir(join(half, 'data.new', 'base'), { recursive: true });
    await writeFile(join(half, 'data.new', 'PG_VERSION'), '18\n');
    const server = await start({ at: half });
    expect(said).toEqual(['Creating the PostgreSQL database.']);
    expect(await query(server.url, 'SELECT 41 AS number')).toEqual([{ number: 41 }]);
    expect(await readdir(half)).not.toContain('data.new');
    await server.stop();
    await deleteEmbeddedPostgres({ directory: half, log: () => {} });
    await expect(stat(half)).rejects.toThrow('ENOENT');
  });

  it('leaves a server alone whose starter lives', async () => {
    const { starter, url } = await startElsewhere();
    await expect(start()).rejects.toThrow(`Process ${starter.pid} is still using the database`);
    expect(await query(url, 'SELECT 43 AS number')).toEqual([{ number: 43 }]);
  });

  it('lets a command use the running server, and starts one when none is running', async () => {
    const { url } = await startElsewhere();
    const options = { directory, durable: false, log: () => {} };
    const beside = await openEmbeddedPostgres(options);
    await beside.stop();
    expect(beside.url).toBe(url);
    expect(await query(url, 'SELECT 47 AS number')).toEqual([{ number: 47 }]);

    const pid = await serverPid();
    starters.splice(0).forEach((starter) => starter.kill('SIGKILL'));
    await hasEnded(pid);
    servers.push(await openEmbeddedPostgres(options));
    expect(await query(servers[0].url, 'SELECT 53 AS number')).toEqual([{ number: 53 }]);
  });

  it('stops at once when the server is gone already', async () => {
    const { stop } = await start();
    const pid = await serverPid();
    process.kill(pid, 'SIGKILL');
    await hasEnded(pid);
    await expect(stop()).resolves.toBeUndefined();
  });
});

async function shellsOf(parent: number): Promise<number[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    processes.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(`(sh) S ${parent} `)).map((line) => Number.parseInt(line, 10));
}
