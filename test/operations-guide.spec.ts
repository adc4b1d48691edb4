import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../src/ops/diagnosis/diagnose';

const guide = readFileSync(join(__dirname, '..', 'docs', 'operations.md'), 'utf8');

/** The table that the code comes to: to be pasted when this fails. */
const table = [
  '| Finding | Severity | It means | Do |',
  '|---|---|---|---|',
  ...RULES.map(({ code, severity, means, todo }) => `| \`${code}\` | ${severity} | ${means} | ${todo} |`),
].join('\n');

describe('docs/operations.md', () => {
  it('explains every finding of a diagnosis, in the order and the words of the code', () => {
    const shown = /^\| Finding \|.*(?:\n\|.*)*/m.exec(guide)?.[0];
    expect(shown).toBe(table);
  });
});
