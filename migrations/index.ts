import { CreateTables1763800000000 } from './1763800000000-create-tables';
import { UltrahumanWhole1764100000000 } from './1764100000000-ultrahuman-whole';
import { TokenSafety1764350000000 } from './1764350000000-token-safety';
import { VendorBudgets1764351000000 } from './1764351000000-vendor-budgets';
import { SyncEngine1764352000000 } from './1764352000000-sync-engine';
import { Diagnosis1764354000000 } from './1764354000000-diagnosis';
import { DeveloperAccounts1764500000000 } from './1764500000000-developer-accounts';
import { InvitationsAndKeys1764500000001 } from './1764500000001-invitations-and-keys';
import { SignInAttempts1764500000002 } from './1764500000002-sign-in-attempts';
import { ProviderSettings1764510000000 } from './1764510000000-provider-settings';
import { SeriesPages1764520000000 } from './1764520000000-series-pages';
import { LocalDayAggregates1764530000000 } from './1764530000000-local-day-aggregates';
import { Priorities1764540000000 } from './1764540000000-priorities';
import { LocalScoreTimes1764540000001 } from './1764540000001-local-score-times';
import { InternalScores1764540000002 } from './1764540000002-internal-scores';
import { Awakenings1764540000003 } from './1764540000003-awakenings';
import { TimeAwake1764540000004 } from './1764540000004-time-awake';
import { RetentionAndSeed1764550000000 } from './1764550000000-retention-and-seed';
import { FinalScores1764560000000 } from './1764560000000-final-scores';
import { ArchivedNights1764560000001 } from './1764560000001-archived-nights';

/** In order; a merged migration is never edited. No globs: the server, the command and the tests share this list. */
export const MIGRATIONS = [
  CreateTables1763800000000,
  UltrahumanWhole1764100000000,
  TokenSafety1764350000000,
  VendorBudgets1764351000000,
  SyncEngine1764352000000,
  Diagnosis1764354000000,
  DeveloperAccounts1764500000000,
  InvitationsAndKeys1764500000001,
  SignInAttempts1764500000002,
  ProviderSettings1764510000000,
  SeriesPages1764520000000,
  LocalDayAggregates1764530000000,
  Priorities1764540000000,
  LocalScoreTimes1764540000001,
  InternalScores1764540000002,
  Awakenings1764540000003,
  TimeAwake1764540000004,
  RetentionAndSeed1764550000000,
  FinalScores1764560000000,
  ArchivedNights1764560000001,
];
