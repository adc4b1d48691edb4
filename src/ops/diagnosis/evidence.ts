import type {
  ConnectionAttention,
  ConnectionStatus,
  StatusReason,
} from '../../connections/connection.entity';
import type { BudgetState } from '../../providers/budget-state';
import type { SyncDayStatus } from '../../sync/sync-day.entity';
import type { SyncSource, SyncStatus } from '../../sync/sync-run.entity';

/** All that is stored about why a user's data comes or does not: times, dates, counts and codes, never a health value. */
export interface Evidence {
  userId: string;
  /** One for each provider that the user has anything to do with. */
  cases: ProviderCase[];
}

export interface ProviderCase {
  userId: string;
  provider: string;
  /** As people know it. */
  name: string;
  /** Settings that the server lacks to talk to this provider; null where the provider is no longer part of it. */
  missingSettings: readonly string[] | null;
  /** How this server gets on with it, over all users; null where it has not been asked yet. */
  budget: BudgetState | null;
  /** The provider refuses the credentials of this server since `at`; null while it takes them. */
  clientRefused: { at: Date; probeAt: Date | null } | null;
  /** The last sign-in, unless it went well. */
  signIn: SignInTrace | null;
  /** The one that is not revoked, else the one revoked last. */
  connection: ConnectionEvidence | null;
}

export interface SignInTrace {
  begunAt: Date;
  failedAt: Date | null;
  error: string | null;
  failures: number;
}

export interface ConnectionEvidence {
  id: string;
  status: ConnectionStatus;
  /** Why it is not active, as far as that was kept. */
  statusReason: StatusReason | null;
  attention: ConnectionAttention | null;
  /** Null: the vendor did not say. */
  granted: readonly string[] | null;
  asked: readonly string[];
  timeZone: string | null;
  createdAt: Date;
  /** When its status or its attention changed last. */
  changedAt: Date;
  lastSyncedAt: Date | null;
  wakeAt: Date;
  /** Null: there is no history to read, or somebody has paused it. */
  historyWakeAt: Date | null;
  /** The backfill after the sign-in has not been begun. */
  backfillDue: boolean;
  leaseUntil: Date | null;
  /** Of the run, over all users, that did something last: where nothing runs at all, no worker does. */
  lastRunOfAnybodyAt: Date | null;
  tokens: TokenEvidence | null;
  /** Tokens of the user that the provider has not been told to end yet, and since when the oldest waits for that. */
  revocations: { pending: number; since: Date | null };
  days: DayGroup[];
  /** Days that wait because their answers could not be used, by what is wrong with these. */
  unusable: { reason: string; days: number }[];
  running: RunInProgress[];
  /** The last one that ended by itself. */
  lastRun: EndedRun | null;
  /** What the runs of the last days saw. */
  seen: Seen;
  devices: DeviceEvidence[];
}

export interface TokenEvidence {
  issuedAt: Date;
  expiresAt: Date | null;
  /** In a row. */
  refreshFailures: number;
  /** Of the last one. */
  refreshError: string | null;
  refreshRetryAt: Date | null;
  refreshRefusedAt: Date | null;
  answerLostAt: Date | null;
}

/** Days of the ledger that are in the same state. */
export interface DayGroup {
  status: SyncDayStatus;
  errorCode: string | null;
  /** Waits for its next try. */
  open: boolean;
  /** Of a backfill. */
  history: boolean;
  days: number;
  from: string;
  to: string;
  /** Failed tries in a row, of the day that has most. */
  attempts: number;
  nextAttemptAt: Date | null;
  /** The first of the failed tries of the day that has failed longest. */
  failedSince: Date | null;
  /** How many of them hold data that the vendor no longer has, and since when at the earliest. */
  emptied: number;
  emptySince: Date | null;
}

export interface RunInProgress {
  runId: string;
  source: SyncSource;
  startedAt: Date | null;
  pausedAt: Date | null;
  daysDone: number;
  daysTotal: number | null;
}

export interface EndedRun {
  runId: string;
  status: SyncStatus;
  reason: string | null;
  endedAt: Date;
}

export interface Seen {
  /** The runs since then count. */
  since: Date;
  rejected: Sighted[];
  unmapped: Sighted[];
  rolledBack: Sighted[];
  daysRecut: number;
}

/** Something that the runs counted, by its path or code. */
export interface Sighted {
  name: string;
  count: number;
}

export interface DeviceEvidence {
  model: string;
  name: string;
  /** The newest sample that needs the device on a body; null: there is none. */
  lastSampleAt: Date | null;
}
