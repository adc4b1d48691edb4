/**
 * The clock the simulated lives run on. It says which data exists already; token lifetimes run on the real
 * clock, because the client under test measures them with its own.
 */
export class SimClock {
  private frozenAt: number | null;
  private shift = 0;

  constructor(private readonly initial: string | undefined) {
    this.frozenAt = initial === undefined ? null : parseInstant(initial);
  }

  /** Epoch seconds. */
  now(): number {
    return Math.floor((this.frozenAt ?? Date.now() / 1000) + this.shift);
  }

  freeze(iso: string): void {
    this.frozenAt = parseInstant(iso);
    this.shift = 0;
  }

  advance(seconds: number): void {
    this.shift += seconds;
  }

  reset(): void {
    this.frozenAt = this.initial === undefined ? null : parseInstant(this.initial);
    this.shift = 0;
  }
}

function parseInstant(iso: string): number {
  const at = Date.parse(iso);
  if (Number.isNaN(at))
    throw new Error(`"${iso}" is not an ISO 8601 instant, for example 2026-06-14T09:30:00Z`);
  return at / 1000;
}
