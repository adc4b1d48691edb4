import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeMistake } from './required-node';

const root = join(__dirname, '..', '..');
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('the version of Node', () => {
  it.each(['22.15.0', '22.16.1', '23.0.0', '24.21.0'])('may be %s', (version) => {
    expect(nodeMistake('>=22.15', version)).toBeNull();
  });

  it.each(['22.14.9', '20.20.2', '9.99.0'])('may not be %s', (version) => {
    expect(nodeMistake('>=22.15', version)).toContain(
      `This is Node ${version}, and Vitalbase needs Node 22.15 or newer.`,
    );
  });

  it.each([
    'src/main.ts',
    'scripts/demo.ts',
    'scripts/developer.ts',
    'scripts/key-create.ts',
    'scripts/migrate.ts',
    'scripts/replay.ts',
  ])('keeps %s from starting, in one line', (program) => {
    const asOldNode = `
        Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });
        require('./test/support/run-typescript.cjs');
        require('./${program}');`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', asOldNode], {
      cwd: root,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: `${nodeMistake(engines.node, '20.20.2')}\n`,
    });
  });
});
