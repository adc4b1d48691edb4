'use strict';
// `node --require` this: runs a TypeScript program as it stands, compiled as jest compiles it.
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { filename, sourceMaps: 'inline' });
  module._compile(code, filename);
};
