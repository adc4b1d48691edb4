import type { Lease } from '../../../src/sync/claim';
import type { Ambush } from './armed-failpoints';
import type { ClockSetting } from './scaled-clock';

/** What the fault suite asks of a server process over its channel, beside what it asks over HTTP. */
export interface ServerCalls {
  /** The first call of all: starts the server. @returns its URL */
  boot: (start: { clock: ClockSetting; ambushes: Ambush[] }) => Promise<string>;
  setClock: (setting: ClockSetting) => Promise<void>;
  arm: (ambush: Ambush) => Promise<void>;
  /** Asks so many times at once for a token that works. */
  currentTokens: (wanted: { userId: string; callers: number }) => Promise<TokenOutcomes>;
  /** Looks for due connections so many times at once. */
  tick: (wanted: { times: number }) => Promise<void>;
  /** Asks for what is done by night. */
  nightly: (nothing: object) => Promise<void>;
  /** Fetches these days under a lease that the suite holds, and stores them all at the same time. */
  storeDays: (wanted: { lease: Lease; dates: string[] }) => Promise<string[]>;
}

export interface TokenOutcomes {
  /** Fingerprints of the different tokens that were handed out. */
  tokens: string[];
  errors: string[];
}

export interface CallMessage {
  id: number;
  call: keyof ServerCalls;
  argument: unknown;
}

export type ServerMessage =
  | { id: number; result: unknown }
  | { id: number; error: string }
  /** A failpoint that hangs or reports. */
  | { reached: string };
