import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { canEnter, type ServerAccount } from './postgres-account';
import { REACHABLE_FOLDER, type PostgresBinaries } from './postgres-binaries';

/** The one role of the server, and the name of its database. */
export const ROLE = 'vitalbase';

export interface ClusterOptions {
  /** Holds the cluster as `data`, or a link of that name to it. */
  directory: string;
  account: ServerAccount;
  binaries: PostgresBinaries;
  password: string;
  durable: boolean;
  log: (line: string) => void;
}

/** @returns the folder of the cluster; it is made on first use and moved when its user can no longer enter it */
export async function preparedCluster(options: ClusterOptions): Promise<string> {
  const { directory, account, log } = options;
  const link = join(directory, 'data');
  const existing = await realpath(link).catch(() => null);
  if (existing && (await canEnter(account, existing))) return existing;
  // A link whose target is gone, or none.
  if (!existing) await rm(link, { force: true });

  const place = await placeWithinReach(directory, account);
  const data = join(place, 'data');
  if (existing) await rename(existing, data);
  else await createCluster(place, options);
  if (place !== directory) {
    await rm(link, { force: true });
    await symlink(data, link);
    log(`Only root may enter this folder: the database lies in ${data}, linked from ${link}.`);
  }
  return data;
}

/** The directory itself, unless root runs this in a folder that the server's user cannot enter. */
async function placeWithinReach(directory: string, account: ServerAccount): Promise<string> {
  if (await canEnter(account, directory)) return directory;
  await mkdir(REACHABLE_FOLDER, { recursive: true });
  await chmod(REACHABLE_FOLDER, 0o755);
  const place = await mkdtemp(join(REACHABLE_FOLDER, 'postgres-'));
  await chmod(place, 0o711);
  return place;
}

/** Under another name until it is whole: a run killed half-way leaves nothing that looks like a cluster. */
async function createCluster(place: string, options: ClusterOptions): Promise<void> {
  const { account, binaries, password, durable, log } = options;
  log('Creating the PostgreSQL database.');
  const draft = join(place, 'data.new');
  const passwordFile = join(place, 'password.new');
  await Promise.all(
    [draft, passwordFile].map((path) => rm(path, { recursive: true, force: true, maxRetries: 5 })),
  );
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    for (const path of [draft, passwordFile]) await chown(path, account.uid, account.gid);
  }
  const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', ...(durable ? [] : ['--no-sync'])];
  await promisify(execFile)(
    binaries.initdb,
    [`--pgdata=${draft}`, `--username=${ROLE}`, `--pwfile=${passwordFile}`, ...flags],
    { ...account, ...SERVER_PROCESS },
  );
  await rm(passwordFile);
  await rename(draft, join(place, 'data'));
}

/** Nothing of the caller's environment (`PGPORT`, `LC_ALL` …) may bend the server. */
export const SERVER_PROCESS = { cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' } };

/** Deletes the directory and, when the cluster lies elsewhere, that too. The server must be stopped. */
export async function deleteCluster(directory: string): Promise<void> {
  const data = await realpath(join(directory, 'data')).catch(() => null);
  if (data?.startsWith(REACHABLE_FOLDER)) await rm(dirname(data), { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
}
