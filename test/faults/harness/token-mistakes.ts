import type { Answer, TokenPair } from '../../../simulator/ledger/ledger';

export interface TokenMistakes {
  /** Token requests that came while another one of the same account was under way. */
  overlappingTokenRequests: number;
  /** Refresh tokens that were sent again although the answer to their first use had arrived. */
  reusedTokens: number;
}

/**
 * By the vendor's ledger of one account. A reuse does not count where all of the first answer never left, or where the
 * vendor's grace brought the same pair again: nobody can know then whether the first use took effect.
 */
export function tokenMistakes({
  tokens,
  answers,
}: {
  tokens: TokenPair[];
  answers: Answer[];
}): TokenMistakes {
  const exchanges = answers.filter(({ route }) => route === 'token');
  const overlapping = exchanges.filter(({ asked_at }, index) =>
    exchanges.slice(0, index).some(({ sent_at }) => sent_at !== null && sent_at > asked_at),
  );
  const reused = tokens.filter(({ refresh, reuses }) => {
    const first = exchanges.find(({ token, status }) => token === refresh && status === 200);
    const hadArrived = first !== undefined && first.sent_at !== null;
    return hadArrived && reuses.some(({ answer }) => answer === 'refused');
  });
  return { overlappingTokenRequests: overlapping.length, reusedTokens: reused.length };
}
