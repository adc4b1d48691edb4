import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What is wrong with a version of Node, in one line; null where nothing is.
 * @param range as `engines` of package.json says it, such as `>=22.15`
 * @param version such as `24.21.0`
 */
export function nodeMistake(range: string, version: string): string | null {
  const wanted = range.replace('>=', '');
  const [[major, minor], [isMajor, isMinor]] = [wanted, version].map((text) => text.split('.').map(Number));
  if (isMajor > major || (isMajor === major && isMinor >= minor)) return null;
  return (
    `This is Node ${version}, and Vitalbase needs Node ${wanted} or newer. Install Node 24 from https://nodejs.org, ` +
    'or start it through npm, for which `npm ci` brings one along on Linux.'
  );
}

/** This project's, above both the sources and what is built of them. */
function manifestAbove(folder: string): { engines: { node: string } } {
  const file = join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : manifestAbove(dirname(folder));
}

// As soon as it is imported, and so before what an older Node may not even load.
const mistake = nodeMistake(manifestAbove(__dirname).engines.node, process.versions.node);
if (mistake !== null) {
  process.stderr.write(`${mistake}\n`);
  process.exit(1);
}
