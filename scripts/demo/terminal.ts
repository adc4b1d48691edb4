import { setTimeout as sleep } from 'node:timers/promises';

const LABEL_WIDTH = 12;
const BAR_WIDTH = 30;

/** One calm line a step. */
export function say(label: string, text = ''): void {
  process.stdout.write(`  ${label.padEnd(LABEL_WIDTH)} ${text}\n`);
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

export interface Progress {
  done: number;
  /** Null while it is not known. */
  total: number | null;
}

export function progressBar({ done, total }: Progress, elapsedMs: number): string {
  const share = total === null || total === 0 ? 0 : Math.min(done / total, 1);
  const filled = Math.round(share * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const count = total === null ? 'waiting' : `${done} of ${total} days`;
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${count}  ${seconds(elapsedMs)}`;
}

/**
 * Asks again and again until `ask` says that it is over: a line that is drawn over on a terminal, a line at every
 * quarter elsewhere.
 */
export async function showProgress<T>(
  label: string,
  ask: () => Promise<{ progress: Progress; result: T | null }>,
): Promise<T> {
  const startedMs = performance.now();
  let quarter = 0;
  for (;;) {
    const { progress, result } = await ask();
    const line = progressBar(progress, performance.now() - startedMs);
    if (process.stdout.isTTY) process.stdout.write(`\r  ${label.padEnd(LABEL_WIDTH)} ${line}\x1b[K`);
    else if (progress.total !== null && result === null) {
      const reached = Math.floor((4 * progress.done) / progress.total);
      if (reached > quarter && reached < 4) say(label, line);
      quarter = Math.max(quarter, reached);
    }
    if (result !== null) {
      if (process.stdout.isTTY) process.stdout.write('\n');
      else say(label, line);
      return result;
    }
    await sleep(150);
  }
}
