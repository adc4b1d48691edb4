import { readFileSync } from 'node:fs';

/** A line of a server's log, as far as the suite goes by it. */
export interface LogLine {
  /** By the machine's clock (ISO 8601). */
  time: string;
  msg: string;
  /** A connection's id, where the line is about one. */
  connection?: string;
}

/** Lines of a log that are cut off, or not the server's own, are left out. */
export function readLog(file: string): LogLine[] {
  return readFileSync(file, 'utf8').split('\n').flatMap(parse);
}

function parse(line: string): LogLine[] {
  if (!line.startsWith('{')) return [];
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
