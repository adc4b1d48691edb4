import type { TokenPair } from '../../../simulator/ledger/ledger';
import { reusesOf } from './labelled-retries';

const at = (second: number) =>
  new Date(Date.parse('2026-03-25T12:00:00.000Z') + second * 1_000).toISOString();

const label = (second: number, connection = 'ours') => ({
  time: at(second),
  msg: 'refresh retried after a lost answer',
  connection,
});

const pairReusedAt = (...seconds: number[]): TokenPair => ({
  user: 1001,
  access: 'a',
  refresh: 'r',
  issued_at: '',
  consumed_at: '',
  revoked_at: null,
  reuses: seconds.map((second) => ({ at: at(second), answer: 'same_pair' as const })),
});

describe('reuses of refresh tokens', () => {
  it.each([
    ['with a label just before it', [pairReusedAt(5)], [label(4.9)], { labelled: 1, unlabelled: 0 }],
    ['without any', [pairReusedAt(5)], [], { labelled: 0, unlabelled: 1 }],
    ["with another connection's", [pairReusedAt(5)], [label(4.9, 'theirs')], { labelled: 0, unlabelled: 1 }],
    ['with one that comes too late', [pairReusedAt(5)], [label(5.1)], { labelled: 0, unlabelled: 1 }],
    ['with one long before it', [pairReusedAt(50)], [label(4.9)], { labelled: 0, unlabelled: 1 }],
    ['two with one label', [pairReusedAt(5, 6)], [label(4.9)], { labelled: 1, unlabelled: 1 }],
    ['two with a label each', [pairReusedAt(5, 9)], [label(4.9), label(8.9)], { labelled: 2, unlabelled: 0 }],
    ['none', [pairReusedAt()], [label(1)], { labelled: 0, unlabelled: 0 }],
  ])('%s', (_, tokens, log, expected) => {
    expect(reusesOf(tokens, 'ours', log)).toEqual(expected);
  });
});
