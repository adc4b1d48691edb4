import type { Answer } from '../../../simulator/ledger/ledger';
import { refetchesByKill } from './refetches';

const time = (seconds: number) => new Date(Date.UTC(2026, 2, 25, 12, 0, seconds));

/** A date that was asked for, and when all of its answer had left. */
const metrics = (date: string, asked: number, sent: number | null): Answer => ({
  route: 'metrics',
  method: 'GET',
  user: 1001,
  date,
  grant_type: null,
  token: null,
  asked_at: time(asked).toISOString(),
  sent_at: sent === null ? null : time(sent).toISOString(),
  status: 200,
  fault: null,
  sha256: null,
  bytes: 10,
});

describe('days fetched in vain', () => {
  it('are those whose answer had left before the kill, by kill', () => {
    const answers = [
      metrics('2026-03-05', 1, 2),
      metrics('2026-03-04', 1, 3),
      metrics('2026-03-03', 2, 3),
      // Killed at 4.
      metrics('2026-03-04', 6, 7),
      metrics('2026-03-03', 6, 7),
      // Killed at 8.
      metrics('2026-03-03', 9, 10),
    ];
    expect(refetchesByKill(answers, [time(4), time(8)])).toEqual([2, 1]);
  });

  it('are not those whose answer was on its way, nor what was never asked for before', () => {
    const answers = [
      metrics('2026-03-05', 1, 5),
      metrics('2026-03-04', 1, null),
      metrics('2026-03-05', 6, 7),
      metrics('2026-03-04', 6, 7),
      metrics('2026-03-03', 6, 7),
    ];
    expect(refetchesByKill(answers, [time(4)])).toEqual([0]);
  });

  it('are not days that were asked for once more later on', () => {
    const answers = [metrics('2026-03-05', 5, 6), metrics('2026-03-05', 7, 8)];
    expect(refetchesByKill(answers, [time(4)])).toEqual([0]);
  });
});
