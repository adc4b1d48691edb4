import type { Operation } from './document';
import type { FuzzResult } from './fuzz-run';

type Counts = Map<number, number>;

/** A line a class of operations, what never went well, and the faults. */
export function report({ seconds, answered, reused, waited, faults }: FuzzResult): string[] {
  const all = [...answered.values()].map(total).reduce((sum, count) => sum + count, 0);
  const never = [...answered].filter(([operation, counts]) => !wentWell(operation, counts));
  return [
    ...classes(answered).map(([tag, members]) => line(tag, members)),
    ...[...reused].map(([kind, counts]) => `with a ${kind} of an earlier answer: ${told(counts)}`),
    `slowest: ${slowest(waited, answered).join(', ')}`,
    ...never.map(([{ name }, counts]) => `never went well: ${name} (${told(counts)})`),
    ...faults.map((fault) => `FAULT ${fault}`),
    `${all} requests to ${answered.size} operations in ${seconds.toFixed(0)} s ` +
      `(${(all / seconds).toFixed(0)} a second): ${faults.length} faults`,
  ];
}

/** By the time of one answer among the others that are under way. */
function slowest(waited: FuzzResult['waited'], answered: FuzzResult['answered']): string[] {
  return [...waited]
    .map(([operation, seconds]) => ({
      name: operation.name,
      ms: (1_000 * seconds) / total(answered.get(operation)!),
    }))
    .toSorted((one, other) => other.ms - one.ms)
    .slice(0, 5)
    .map(({ name, ms }) => `${name} ${ms.toFixed(0)} ms`);
}

/** An operation that only says what there is not has no success. */
function wentWell({ answers }: Operation, counts: Counts): boolean {
  const good = Object.keys(answers).filter((status) => /^[23]/.test(status));
  return good.length === 0 || good.some((status) => counts.has(Number(status)));
}

function classes(answered: FuzzResult['answered']): [string, Counts[]][] {
  const byTag = new Map<string, Counts[]>();
  for (const [{ tag }, counts] of answered) byTag.set(tag, [...(byTag.get(tag) ?? []), counts]);
  return [...byTag];
}

function line(tag: string, members: Counts[]): string {
  const merged: Counts = new Map();
  for (const counts of members)
    for (const [status, count] of counts) merged.set(status, (merged.get(status) ?? 0) + count);
  const fewest = Math.min(...members.map(total));
  return (
    `${tag.padEnd(18)} ${String(members.length).padStart(3)} operations ${String(total(merged)).padStart(6)} requests, ` +
    `each ${fewest} or more: ${told(merged)}`
  );
}

const total = (counts: Counts): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

const told = (counts: Counts): string =>
  [...counts]
    .toSorted(([one], [other]) => one - other)
    .map(([status, count]) => `${status} × ${count}`)
    .join(', ');
