import type { Answer } from '../../../simulator/ledger/ledger';

/**
 * For each kill, how many days were asked for again after it although all of an answer had left before it: what had
 * been fetched in vain. Answers that were still on their way do not count, and neither do days asked for again later.
 */
export function refetchesByKill(answers: Answer[], kills: Date[]): number[] {
  const times = kills.map((at) => at.toISOString());
  const counts = times.map(() => 0);
  const asked = answers.filter(({ route }) => route === 'metrics');
  for (const [index, again] of asked.entries()) {
    const kill = times.findLastIndex((at) => at < again.asked_at);
    if (kill === -1) continue;
    const before = asked.slice(0, index).filter(({ date }) => date === again.date);
    const isFirstSince = before.every(({ asked_at }) => asked_at < times[kill]);
    const hadArrived = before.some(({ sent_at }) => sent_at !== null && sent_at < times[kill]);
    if (isFirstSince && hadArrived) counts[kill]++;
  }
  return counts;
}
