import { totalsOf, type ChangeCounts, type ReplayDiff } from '../../src/sync/replay-diff';
import type { ReplayStep } from '../../src/sync/replay.service';

/** What a replay over all connections comes to. */
export class ReplayReport {
  private readonly diff: ReplayDiff = {};
  private readonly sums = { connections: 0, failed: 0, answers: 0, invalid: 0, dates: 0, untouched: 0 };

  get failed(): number {
    return this.sums.failed;
  }

  add({ replayed }: ReplayStep): void {
    this.sums.connections++;
    if (replayed === null) {
      this.sums.failed++;
      return;
    }
    for (const name of ['answers', 'invalid', 'dates', 'untouched'] as const)
      this.sums[name] += replayed[name];
    for (const [name, days] of Object.entries(replayed.diff)) {
      for (const [date, counts] of Object.entries(days)) this.addCounts(name, date, counts);
    }
  }

  private addCounts(name: string, date: string, counts: ChangeCounts): void {
    const days = (this.diff[name] ??= {});
    const sum = (days[date] ??= { inserted: 0, updated: 0, deleted: 0 });
    for (const kind of ['inserted', 'updated', 'deleted'] as const) sum[kind] += counts[kind];
  }

  /** A line for each name and local date. */
  table(): string {
    return sorted(this.diff)
      .flatMap(([name, days]) =>
        sorted(days).map(([date, counts]) => `${name} · ${date} · ${text(counts)}\n`),
      )
      .join('');
  }

  totals(): string {
    const { connections, failed, answers, invalid, dates, untouched } = this.sums;
    const lines = sorted(totalsOf(this.diff)).map(
      ([name, counts]) => `${name} · all days · ${text(counts)}\n`,
    );
    const notes = [
      `Connections: ${connections}. Answers: ${answers}. Days made anew: ${dates}.\n`,
      invalid > 0 && `Answers that cannot be understood, passed over: ${invalid}.\n`,
      untouched > 0 && `Days left alone, as no usable answer is kept of them: ${untouched}.\n`,
      failed > 0 && `Connections that could not be replayed and are as they were: ${failed}.\n`,
    ];
    return [...(lines.length > 0 ? lines : ['Nothing changes.\n']), ...notes].filter(Boolean).join('');
  }
}

export const progressLine = ({ connection, done, total, replayed }: ReplayStep): string => {
  const what = replayed === null ? 'failed' : `${replayed.answers} answers, ${replayed.dates} days`;
  return `${done} of ${total}: user ${connection.userId}: ${what}\n`;
};

const text = ({ inserted, updated, deleted }: ChangeCounts): string => `+${inserted} ~${updated} −${deleted}`;

const sorted = <Value>(record: Record<string, Value>): [string, Value][] =>
  Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1));
