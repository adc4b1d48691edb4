import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput, isRecord } from '../http/exchange';
import { readAnswers, ReplayAnswer } from './replay-file';

const indexFile = 'replay.json';

/** Every answer of a folder, in the order of the file names; dates named in the index come first. */
export function readFolder(dir: string): ReplayAnswer[] {
  if (!existsSync(dir)) throw new BadInput(`there is no folder ${dir} to replay`);
  const names = readdirSync(dir).filter((name) => name.endsWith('.json') && name !== indexFile);
  const found = names.toSorted().flatMap((name) => readOrExplain(dir, name));
  const indexed = Object.entries(readIndex(dir)).flatMap(([date, name]) => override(dir, date, name));
  const overridden = new Set(indexed.map(({ date }) => date));
  return [...indexed, ...found.filter(({ date }) => !overridden.has(date))];
}

/** A file named for a date is served for it whatever it says about itself. */
function override(dir: string, date: string, name: string): ReplayAnswer[] {
  const [answer] = readOrExplain(dir, name);
  const body = answer?.body ?? readFileSync(join(dir, name), 'utf8');
  return [{ date, envelope: answer?.envelope ?? 'e1', body }];
}

function readOrExplain(dir: string, name: string): ReplayAnswer[] {
  try {
    return readAnswers(readFileSync(join(dir, name), 'utf8'));
  } catch (error) {
    throw new BadInput(`${join(dir, name)} cannot be replayed: ${String(error)}`);
  }
}

function readIndex(dir: string): Record<string, string> {
  const file = join(dir, indexFile);
  if (!existsSync(file)) return {};
  const index: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isRecord(index)) throw new BadInput(`${file} must map dates to file names`);
  const names = Object.entries(index).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return Object.fromEntries(names);
}
