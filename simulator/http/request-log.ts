export interface LoggedRequest {
  route: string;
  method: string;
  date: string | null;
  user: number | null;
  /** What a token request asked with. */
  grant_type: string | null;
  /** Null when the caller got no answer. */
  status: number | null;
  /** The mode of the fault that struck; of a shape, its name. */
  fault: string | null;
  /** Requests of the same user under way when this one came, itself included. */
  in_flight: number;
  at: string;
}

export interface RequestSummary {
  /** `metrics 200` → how many; requests without an answer count as `none`. */
  counts: Record<string, number>;
  /** Of any one user. */
  max_in_flight: number;
  /** Token requests of either kind, whatever became of them. */
  exchanges: number;
  refreshes: number;
  revokes: number;
}

const kept = 20_000;

/** Who asked for what. Never a token, a code or a body. */
export class RequestLog {
  private entries: LoggedRequest[] = [];
  private readonly underWay = new Map<number | null, number>();

  /** @returns how many are under way now, itself included */
  enter(user: number | null): number {
    const count = (this.underWay.get(user) ?? 0) + 1;
    this.underWay.set(user, count);
    return count;
  }

  leave(user: number | null): void {
    this.underWay.set(user, (this.underWay.get(user) ?? 1) - 1);
  }

  add(entry: LoggedRequest): void {
    this.entries.push(entry);
    if (this.entries.length > kept) this.entries.shift();
  }

  all(): LoggedRequest[] {
    return [...this.entries];
  }

  /** Of one user, or of everybody. */
  summary(user: number | null): RequestSummary {
    const theirs = this.entries.filter((entry) => user === null || entry.user === user);
    const counts: Record<string, number> = {};
    for (const { route, status } of theirs) {
      const key = `${route} ${status ?? 'none'}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    const tokenRequests = (type: string) => theirs.filter(({ grant_type }) => grant_type === type).length;
    return {
      counts,
      max_in_flight: Math.max(0, ...theirs.map(({ in_flight }) => in_flight)),
      exchanges: tokenRequests('authorization_code'),
      refreshes: tokenRequests('refresh_token'),
      revokes: theirs.filter(({ route }) => route === 'revoke').length,
    };
  }

  clear(): void {
    this.entries = [];
  }
}
