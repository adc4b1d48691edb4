'use strict';
// Says in one line what is missing, before anything else fails with a riddle. Runs on Node 12 and newer.

// As package.json says it: >=22.15
var wanted = require('../package.json').engines.node.replace('>=', '').split('.').map(Number);
var found = process.versions.node.split('.').map(Number);

if (process.platform === 'win32') {
  stop('On Windows please use WSL: the scripts of this project are written for Linux and macOS.');
}
if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  stop(
    process.platform === 'linux'
      ? 'This is Node ' +
          process.versions.node +
          '; Vitalbase needs ' +
          wanted.join('.') +
          ' or newer. ' +
          '`npm ci` brings Node 24 along: run it without --omit=optional, then start through `npm run`.'
      : 'This is Node ' +
          process.versions.node +
          '; Vitalbase needs ' +
          wanted.join('.') +
          ' or newer. ' +
          'Install Node 24 from https://nodejs.org, then run `npm ci` again.',
  );
}

function stop(message) {
  process.stderr.write('\n' + message + '\n\n');
  process.exit(1);
}
