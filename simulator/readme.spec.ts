import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FAULT_MODES, FAULT_ROUTES } from './faults/fault';
import { PERSONAS } from './life/personas';
import { SCENARIOS } from './scenarios/scenarios';
import { SHAPE_NAMES } from './shapes/shapes';

const read = (file: string) => readFileSync(join(__dirname, file), 'utf8');
const readme = read('README.md');

describe('the README', () => {
  it.each(PERSONAS.map((persona) => [persona.id, persona] as const))('has persona %i', (id, persona) => {
    const { firstName, lastName, timeZone, memberSince, account } = persona;
    const row = readme.split('\n').find((line) => line.startsWith(`| ${id} |`)) ?? '';
    const since = typeof memberSince === 'string' ? memberSince : 'before the first start';
    const generation = account.generation.replace('_', ' ');
    for (const part of [`${firstName} ${lastName}`, timeZone, since, generation]) expect(row).toContain(part);
    expect(row.includes('`sleep`')).toBe(account.lowerCaseSleep);
  });

  it.each(SHAPE_NAMES)('has a line on the shape %s', (shape) => {
    expect(readme).toMatch(new RegExp(`^\\| \`${shape}\` \\| \\S.*\\|$`, 'm'));
  });

  it('has every fault mode and route, scenario, flag and control route', () => {
    for (const mode of FAULT_MODES) expect(readme).toMatch(new RegExp(`^\\| \`${mode}\` \\|`, 'm'));
    for (const name of [...FAULT_ROUTES, ...SCENARIOS.map(({ name }) => name)])
      expect(readme).toContain(`\`${name}\``);
    const flags = [...read('main.ts').matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag);
    expect(flags.length).toBeGreaterThan(12);
    for (const flag of flags.filter((flag) => flag !== '--help')) expect(readme).toContain(`\`${flag}`);
    const paths = [...read('control/control-routes.ts').matchAll(/'[A-Z]+ (\/__sim\/[a-z/-]+)'/g)];
    expect(paths.length).toBeGreaterThan(15);
    for (const [, path] of paths) expect(readme).toContain(path);
  });

  it('encodes each assumption of the ledger in a file that exists', () => {
    const ledger = readme.slice(readme.indexOf('## Fidelity ledger'));
    const files = [...ledger.matchAll(/`([a-z0-9-]+\/[a-z0-9-]*(?:\.ts)?)`/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(40);
    const missing = files.filter((file) => file.endsWith('.ts') && !existsSync(join(__dirname, file)));
    expect(missing).toEqual([]);
  });

  it('names for each assumption of the ledger a spec that exists', () => {
    const paths = readdirSync(__dirname, { recursive: true, encoding: 'utf8' });
    const specs = paths.filter((path) => path.endsWith('.spec.ts')).map((path) => basename(path, '.spec.ts'));
    const ledger = readme.slice(readme.indexOf('## Fidelity ledger')).split('\n');
    const rows = ledger.filter((line) => line.startsWith('| ') && !line.startsWith('| Assumed'));
    expect(rows.length).toBeGreaterThan(55);
    for (const row of rows) {
      const named = row.split(' | ').at(3)?.replace(' |', '').split(', ') ?? [];
      expect([row, named.length > 0]).toEqual([row, true]);
      expect([row, named.filter((name) => !specs.includes(name))]).toEqual([row, []]);
    }
  });
});
