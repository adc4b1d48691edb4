import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const POLL_MS = 50;
/** Fast shutdown, then immediate shutdown, after which the next start replays the log. */
const STOP_SIGNALS = [
  { signal: 'SIGINT', patienceMs: 20_000 },
  { signal: 'SIGQUIT', patienceMs: 10_000 },
] as const;
/** Above every pid that Linux or macOS hands out. */
const NO_PROCESS = 2_147_483_647;

interface RunningProcess {
  name: string;
  parent: number;
}

interface Claim {
  /** The folder of the cluster. */
  data: string;
  /** The process that started its server last. */
  starter: number;
  patienceMs: number;
  log: (line: string) => void;
}

/**
 * Makes sure that no server works on `data`: one whose starter was killed is stopped, one that is in use is left
 * alone.
 * @throws Error when a living Vitalbase uses it
 */
export async function releaseData({ data, starter, patienceMs, log }: Claim): Promise<void> {
  const pid = await serverPid(data);
  if (pid === null) return;
  if (await startedBy(pid, starter)) {
    log(`Process ${starter} is using this database; waiting for it to stop.`);
    const released = await until(async () => !(await startedBy(pid, starter)), patienceMs);
    if (!released) {
      throw new Error(
        `Process ${starter} is still using the database in ${data}. Stop it first (Ctrl-C, or kill ${starter}).`,
      );
    }
  }
  if (await isPostgres(pid)) {
    await stopServer(pid);
    log(`Stopped the PostgreSQL (process ${pid}) that an earlier, killed run had left behind.`);
  } else if (await runningProcess(pid, { zombies: true })) {
    await disownLock(data);
  }
}

/** The port of a server that works on `data`, whoever started it. */
export async function runningServerPort(data: string): Promise<number | null> {
  const pid = await serverPid(data);
  if (pid === null || !(await isPostgres(pid))) return null;
  const lock = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const PORT_LINE = 3;
  return Number(lock.split('\n')[PORT_LINE]) || null;
}

/** @throws Error when it lives on */
export async function stopServer(pid: number): Promise<void> {
  for (const { signal, patienceMs } of STOP_SIGNALS) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (errorCode(error) === 'ESRCH') return;
      throw new Error(`PostgreSQL (process ${pid}) belongs to another user; stop it as that user`, {
        cause: error,
      });
    }
    if (await until(async () => !(await isPostgres(pid)), patienceMs)) return;
  }
  throw new Error(`PostgreSQL (process ${pid}) does not stop; end it with: kill -9 ${pid}`);
}

/** Such as `ENOENT`, or PostgreSQL's `57P03`. */
export const errorCode = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** @returns whether `condition` came true in time */
export async function until(condition: () => Promise<boolean>, patienceMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += POLL_MS) {
    if (await condition()) return true;
    await sleep(POLL_MS);
  }
  return condition();
}

async function serverPid(data: string): Promise<number | null> {
  const lock = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(lock, 10);
  return pid > 0 && pid !== NO_PROCESS ? pid : null;
}

/**
 * A killed server's pid now belongs to another process, and PostgreSQL would refuse to start. Only the pid is
 * replaced: the rest of the file tells PostgreSQL whether old backends are still attached.
 */
async function disownLock(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const lock = await readFile(file, 'utf8').catch(() => null);
  // A server that was just ending has removed it by now.
  if (lock === null) return;
  await writeFile(file, lock.replace(/^\d+/, String(NO_PROCESS)));
}

const isPostgres = async (pid: number) => (await runningProcess(pid))?.name.includes('postgres') ?? false;

async function startedBy(pid: number, starter: number): Promise<boolean> {
  const server = await runningProcess(pid);
  return server !== null && server.name.includes('postgres') && server.parent === starter;
}

async function runningProcess(pid: number, { zombies = false } = {}): Promise<RunningProcess | null> {
  const line = process.platform === 'linux' ? await procStat(pid) : await psLine(pid);
  const [, name, state, parent] = /\((.*)\) (\S)\S* +(\d+)/s.exec(line) ?? [];
  return name === undefined || (state === 'Z' && !zombies) ? null : { name, parent: Number(parent) };
}

/** `pid (name) state parent …`; slim images have no `ps`. */
const procStat = (pid: number) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');

/** In the shape of `procStat`. */
async function psLine(pid: number): Promise<string> {
  const answer = await promisify(execFile)('ps', ['-o', 'stat=,ppid=,comm=', '-p', String(pid)]).catch(
    () => null,
  );
  const [, state, parent, name] = /^(\S+) +(\d+) +(.*)$/m.exec(answer?.stdout.trim() ?? '') ?? [];
  return name === undefined ? '' : `${pid} (${name}) ${state} ${parent}`;
}
