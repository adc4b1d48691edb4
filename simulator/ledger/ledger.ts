import { createHash } from 'node:crypto';
import { Grant } from '../oauth/grant-store';

export interface TokenPair {
  user: number;
  /** sha256 in hex of each token, never the token. */
  access: string;
  refresh: string;
  issued_at: string;
  /** When its refresh token was exchanged for the next pair. */
  consumed_at: string | null;
  /** When it died without being exchanged. */
  revoked_at: string | null;
  /** What was tried with its refresh token after it was consumed. */
  reuses: TokenReuse[];
}

export interface TokenReuse {
  at: string;
  answer: 'same_pair' | 'refused';
}

export interface Asked {
  route: string;
  method: string;
  user: number | null;
  date: string | null;
  grant_type: string | null;
  /** sha256 in hex of the token that the request came with. */
  token: string | null;
}

export interface Answer extends Asked {
  asked_at: string;
  /** Null where there was no answer. */
  status: number | null;
  fault: string | null;
  sha256: string | null;
  bytes: number;
  /** When all of it had been handed to the network; null: the caller was gone, or a fault swallowed it. */
  sent_at: string | null;
}

const answersKept = 200_000;

export const fingerprint = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Every pair of tokens ever issued and every answer ever given, by the real clock. Holds no token and no body. */
export class Ledger {
  private readonly pairs = new Map<string, TokenPair>();
  private answers: Answer[] = [];

  constructor(private readonly now: () => Date = () => new Date()) {}

  issued({ user, accessToken, refreshToken }: Grant): void {
    const [access, refresh] = [fingerprint(accessToken), fingerprint(refreshToken)];
    const fresh = { consumed_at: null, revoked_at: null, reuses: [] };
    this.pairs.set(refresh, { user, access, refresh, issued_at: this.stamp(), ...fresh });
  }

  consumed(refreshToken: string): void {
    this.change(refreshToken, (pair) => (pair.consumed_at = this.stamp()));
  }

  reused(refreshToken: string, answer: TokenReuse['answer']): void {
    this.change(refreshToken, ({ reuses }) => reuses.push({ at: this.stamp(), answer }));
  }

  revoked({ refreshToken }: Grant): void {
    this.change(refreshToken, (pair) => (pair.revoked_at = this.stamp()));
  }

  /** @returns the entry, to be filled when the answer is known and when it is sent */
  asked(asked: Asked): Answer {
    const nothing = { status: null, fault: null, sha256: null, bytes: 0, sent_at: null };
    const answer = { ...asked, asked_at: this.stamp(), ...nothing };
    this.answers.push(answer);
    if (this.answers.length > answersKept) this.answers.shift();
    return answer;
  }

  sent(answer: Answer): void {
    answer.sent_at = this.stamp();
  }

  /** Of one user, or of everybody; answers asked for from `since` on. */
  read(user: number | null, since = ''): { tokens: TokenPair[]; answers: Answer[] } {
    const isTheirs = (entry: { user: number | null }) => user === null || entry.user === user;
    return {
      tokens: [...this.pairs.values()].filter(isTheirs),
      answers: this.answers.filter((answer) => isTheirs(answer) && answer.asked_at >= since),
    };
  }

  private change(refreshToken: string, change: (pair: TokenPair) => void): void {
    const pair = this.pairs.get(fingerprint(refreshToken));
    if (pair) change(pair);
  }

  private stamp(): string {
    return this.now().toISOString();
  }
}
