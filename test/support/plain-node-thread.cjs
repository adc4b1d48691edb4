'use strict';
// The thread of `plain-node.ts`: compiles what it loads as jest does, and runs one exported function.

const { parentPort, workerData } = require('node:worker_threads');
const { transformFileSync } = require('@swc/core');

process.setSourceMapsEnabled(true);
require.extensions['.ts'] = (module, file) =>
  module._compile(transformFileSync(file, { sourceMaps: 'inline' }).code, file);

const { file, name, argument } = workerData;
void Promise.resolve(require(file)[name](argument)).then((result) => parentPort.postMessage(result));
