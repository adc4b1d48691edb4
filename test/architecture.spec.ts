import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** What a folder of `src` may import beside itself and the ground below. `*`: everything. */
const MAY_IMPORT: Record<string, string[]> = {
  // The ground, which everything stands on.
  config: [],
  database: ['config'],
  http: ['config'],
  access: ['config', 'database', 'http'],

  users: [],
  providers: ['health-data/canonical', 'health-data/open-wearables-codes'],
  connections: ['providers', 'users'],
  oauth: ['connections', 'providers'],
  erasure: ['connections', 'users'],
  'health-data': ['users'],
  tasks: [],
  archival: ['tasks', 'health-data/internal-score'],
  sync: ['connections', 'providers', 'health-data', 'archival'],
  seed: ['connections', 'oauth', 'providers', 'tasks', 'users'],
  ops: ['*'],
  // Routes of Open Wearables with nothing behind them.
  absent: ['providers', 'users'],
};
const GROUND = ['config', 'database', 'http', 'access'];

const root = join(__dirname, '..');
/** Paths relative to the repository, with forward slashes. */
const filesOf = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => posix.join(folder, file.replaceAll('\\', '/')));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Every file that `source`, which is `file`, imports from this repository, without its suffix. */
function importsOf(file: string, source: string): string[] {
  const specifiers = [...source.matchAll(/(?:from|import|import\(|require\()\s*'(\.[^']+)'/g)];
  return specifiers.map(([, path]) => posix.join(posix.dirname(file), path));
}

/** `src/users/user.entity` → `users`; undefined for `src/main` and what lies outside of `src`. */
const folderOf = (file: string) => /^src\/([^/]+)\//.exec(file)?.[1];

function forbiddenImports(file: string, source: string): string[] {
  const folder = folderOf(file);
  if (folder === undefined) return [];
  const allowed = [folder, ...(GROUND.includes(folder) ? [] : GROUND), ...(MAY_IMPORT[folder] ?? [])];
  if (allowed.includes('*')) return [];
  return importsOf(file, source).filter((target) => {
    const inside = target.replace(/^src\//, '');
    return (
      folderOf(target) !== undefined && !allowed.some((it) => inside === it || inside.startsWith(`${it}/`))
    );
  });
}

const RULES: { rule: string; pattern: RegExp; except: string[] }[] = [
  { rule: 'reads the environment', pattern: /\bprocess\.env\b/, except: ['src/config/env.ts'] },
  {
    rule: 'reads the time',
    pattern:
      /new Date\(\)|\bDate\.now\(|\bDateTime\.(now|local|utc)\(\)|\b[A-Z]{3,}\b.*(?<![.\w])now\(\)|\bCURRENT_TIMESTAMP\b/,
    except: ['src/database/clock.ts'],
  },
  { rule: 'passes on what another file exports', pattern: /^export (\*|\{[^}]*\}) from /m, except: [] },
];

const brokenRules = (file: string, source: string) =>
  RULES.filter(({ pattern, except }) => pattern.test(withoutComments(source)) && !except.includes(file)).map(
    ({ rule }) => rule,
  );

const withoutComments = (source: string) => source.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, '');

const sources = filesOf('src').filter((file) => !file.endsWith('.spec.ts'));

describe('the architecture', () => {
  it.each(sources)('%s imports only what its folder may', (file) => {
    expect(forbiddenImports(file, read(file))).toEqual([]);
  });

  it('has a line in the table for every folder', () => {
    const folders = new Set(sources.flatMap((file) => folderOf(file) ?? []));
    expect(Object.keys(MAY_IMPORT).toSorted()).toEqual([...folders].toSorted());
  });

  it('takes settings, time and exports from their one place', () => {
    const broken = sources.flatMap((file) => brokenRules(file, read(file)).map((rule) => `${file} ${rule}`));
    expect(broken).toEqual([]);
  });

  it('has no barrels', () => {
    expect(sources.filter((file) => file.endsWith('/index.ts'))).toEqual([]);
  });

  it('names the first vendor in its own folder and in one import', () => {
    const vendor = /ultrahuman/i;
    const others = filesOf('src').filter((file) => !file.startsWith('src/providers/ultrahuman/'));
    expect(others.filter((file) => vendor.test(read(file)))).toEqual(['src/providers/providers.module.ts']);
    const imports = importsOf('src/providers/providers.module.ts', read('src/providers/providers.module.ts'));
    expect(imports.filter((path) => vendor.test(path))).toEqual([
      'src/providers/ultrahuman/ultrahuman.module',
    ]);
  });

  it('keeps the simulator and the server apart', () => {
    const crossing = (folder: string, other: string) =>
      filesOf(folder).filter((file) =>
        importsOf(file, read(file)).some((path) => path.startsWith(`${other}/`)),
      );
    expect(crossing('simulator', 'src')).toEqual([]);
    expect(crossing('src', 'simulator')).toEqual([]);
  });

  it('lets nothing of the tests or the scripts into the server', () => {
    const outside = sources.filter((file) =>
      importsOf(file, read(file)).some((path) => /^(test|scripts|bench)\//.test(path)),
    );
    expect(outside).toEqual([]);
  });
});

describe('the check itself', () => {
  it.each([
    ['src/users/a.ts', `import { Connection } from '../connections/connection.entity';`],
    ['src/providers/a.ts', `import { HealthDataWriter } from '../health-data/health-data.writer';`],
    ['src/providers/acme/a.ts', `import type { User } from '../../users/user.entity';`],
    ['src/http/a.ts', `import { Clock } from '../database/clock';`],
    ['src/health-data/a.ts', `const { Runner } = await import('../sync/runner');`],
    ['src/config/a.ts', `import '../access/scope';`],
  ])('catches in %s: %s', (file, source) => {
    expect(forbiddenImports(file, source)).toHaveLength(1);
  });

  it.each([
    ['src/providers/acme/a.ts', `import type { LocalDate } from '../../health-data/canonical';`],
    ['src/ops/a.ts', `import { Runner } from '../sync/runner';`],
    ['src/sync/a.ts', `import { Scope } from '../access/scope';`],
    ['src/main.ts', `import { Runner } from './sync/runner';`],
  ])('lets pass in %s: %s', (file, source) => {
    expect(forbiddenImports(file, source)).toEqual([]);
  });

  it.each([
    ['const port = process.env.PORT;', 'reads the environment'],
    ['const at = new Date();', 'reads the time'],
    ['const ms = Date.now() + 1;', 'reads the time'],
    ['UPDATE x SET at = now()', 'reads the time'],
    [`export { User } from './user.entity';`, 'passes on what another file exports'],
    [`export * from './user.entity';`, 'passes on what another file exports'],
  ])('catches %s', (source, rule) => {
    expect(brokenRules('src/users/a.ts', source)).toEqual([rule]);
  });

  it.each([
    'const at = new Date(ms);',
    'const at = now();',
    'this.clock.now()',
    'performance.now()',
    '// never new Date()',
  ])('lets pass %s', (source) => {
    expect(brokenRules('src/users/a.ts', source)).toEqual([]);
  });
});
