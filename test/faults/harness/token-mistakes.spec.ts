import type { Answer, TokenPair } from '../../../simulator/ledger/ledger';
import { tokenMistakes } from './token-mistakes';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 25, 12, 0, seconds)).toISOString();

const exchange = (token: string, asked: number, sent: number | null, status = 200): Answer => ({
  route: 'token',
  method: 'POST',
  user: 1001,
  date: null,
  grant_type: 'refresh_token',
  token,
  asked_at: at(asked),
  sent_at: sent === null ? null : at(sent),
  status,
  fault: null,
  sha256: null,
  bytes: 10,
});

const pair = (refresh: string, ...reuses: TokenPair['reuses'][number]['answer'][]): TokenPair => ({
  user: 1001,
  access: `access of ${refresh}`,
  refresh,
  issued_at: at(0),
  consumed_at: at(1),
  revoked_at: null,
  reuses: reuses.map((answer) => ({ at: at(5), answer })),
});

describe('mistakes with tokens', () => {
  it('are none where each request waits for the one before', () => {
    const answers = [exchange('a', 1, 2), exchange('b', 3, 4)];
    expect(tokenMistakes({ tokens: [pair('a'), pair('b')], answers })).toEqual({
      overlappingTokenRequests: 0,
      reusedTokens: 0,
    });
  });

  it('are requests under way together', () => {
    const answers = [exchange('a', 1, 9), exchange('b', 3, 4), exchange('c', 5, 6)];
    expect(tokenMistakes({ tokens: [], answers }).overlappingTokenRequests).toBe(2);
  });

  it('are tokens used again after their answer had arrived', () => {
    const answers = [exchange('a', 1, 2), exchange('a', 5, 6, 400)];
    expect(tokenMistakes({ tokens: [pair('a', 'refused')], answers }).reusedTokens).toBe(1);
  });

  it.each([
    ['whose answer never left', [exchange('a', 1, null), exchange('a', 5, 6, 400)], pair('a', 'refused')],
    [
      'that brought the same pair by grace',
      [exchange('a', 1, 2), exchange('a', 5, 6)],
      pair('a', 'same_pair'),
    ],
  ])('are not tokens %s', (_, answers, token) => {
    expect(tokenMistakes({ tokens: [token], answers }).reusedTokens).toBe(0);
  });
});
