import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The operating system's user that the server runs as; empty: the one that runs this process. */
export interface ServerAccount {
  uid?: number;
  gid?: number;
}

/**
 * PostgreSQL refuses to run as root. Root therefore hands it to the owner of the data, or else to the user
 * `postgres`, who is added where missing, or else to `nobody`.
 */
export async function serverAccount(data: string): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) return {};
  const owner = await stat(data).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = (await lookUp('postgres')) ?? (await addPostgres()) ?? (await lookUp('nobody'));
  if (account) return account;
  throw new Error(
    'PostgreSQL does not run as root and this machine has no other user; add one named "postgres"',
  );
}

/** Whether that user may enter a folder: every folder above it counts too. */
export async function canEnter(account: ServerAccount, folder: string): Promise<boolean> {
  return succeeds('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', folder], account);
}

export async function succeeds(program: string, args: string[], account: ServerAccount): Promise<boolean> {
  // From `/`: the present folder may be one that the other user may not enter.
  return run(program, args, { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

async function addPostgres(): Promise<ServerAccount | null> {
  const flags = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  return (await succeeds('useradd', [...flags, 'postgres'], {})) ? lookUp('postgres') : null;
}

async function lookUp(name: string): Promise<ServerAccount | null> {
  try {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name])));
    const [uid, gid] = ids.map(({ stdout }) => Number(stdout));
    return { uid, gid };
  } catch {
    return null;
  }
}
