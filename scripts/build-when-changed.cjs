'use strict';
// Builds into dist/ unless everything there is newer than the sources: a second start then takes seconds.

require('./preflight.cjs');
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, statSync, utimesSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const stamp = join(root, 'dist', '.built');
const { include } = require('../tsconfig.build.json');
const sources = [...include, 'package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];

/** Of folders too: a deleted file leaves its trace there only. */
function newest(path) {
  const { mtimeMs } = statSync(path);
  const inside = statSync(path).isDirectory()
    ? readdirSync(path).map((name) => newest(join(path, name)))
    : [];
  return Math.max(mtimeMs, ...inside);
}

// An installation without sources has nothing to build.
if (!existsSync(join(root, 'src'))) process.exit(0);

const startedAt = new Date();
const changedMs = Math.max(...sources.map((name) => newest(join(root, name))));
if (!existsSync(stamp) || statSync(stamp).mtimeMs < changedMs) {
  process.stderr.write('Building, which takes some seconds and only follows a change …\n');
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status || 1);
  writeFileSync(stamp, '');
  // A file saved while the build ran counts as changed.
  utimesSync(stamp, startedAt, startedAt);
}
