export interface LoggedRequest {
  route: string;
  method: string;
  date: string | null;
  user: number | null;
  /** Null when the caller got no answer. */
  status: number | null;
  fault: string | null;
  at: string;
}

const kept = 20_000;

/** Who asked for what. Never a token, a code or a body. */
export class RequestLog {
  private entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.entries.push(entry);
    if (this.entries.length > kept) this.entries.shift();
  }

  all(): LoggedRequest[] {
    return [...this.entries];
  }

  clear(): void {
    this.entries = [];
  }
}
