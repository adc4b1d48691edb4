import type { Connection } from '../connections/connection.entity';
import type { DataCipher } from '../connections/user-data-keys';
import type { LocalDate } from '../health-data/canonical';
import type { WearableProvider } from '../providers/provider';
import type { Lease } from './claim';
import type { Received } from './received';
import type { RunState } from './run-log';

/** One claimed connection while a worker syncs it. */
export interface SyncJob {
  readonly lease: Lease;
  /** As it was when the run started. */
  readonly connection: Connection;
  readonly provider: WearableProvider;
  readonly cipher: DataCipher;
  run: RunState;
  /** Days that have had their try in this job: a failed one comes up again in another. */
  readonly tried: Set<LocalDate>;
  /** The zone last told, which stands in where an answer tells none. */
  timeZone: string | null;
  /** Ids of the data sources by device model, as far as they are known: replaced, never changed, as `run` is. */
  sources: ReadonlyMap<string, string>;
  /** The vendor has refused the whole connection: the run ends with days left to do. */
  isRefused: boolean;
  /** Answers that wait for their turn to be written and are worth reading ahead. */
  readonly unread: Set<Received>;
}
