import { constants, zstdCompressSync } from 'node:zlib';
import type { LocalDate, NormalizedDay } from '../health-data/canonical';
import type { RawAnswer } from '../providers/provider';
import { sealContext, sha256 } from './raw-answers';
import type { SyncJob } from './sync-job';
import type { LedgerDay } from './sync-ledger';

/** At the size of a day's answer the first level is quicker than the usual third, and compresses no worse. */
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * One answer on its way into the database. What can be made of it without the database is made once, and ahead of its
 * turn where there is time, which changes nothing but the time.
 */
export class Received {
  readonly date: LocalDate;
  readonly sha256: Buffer;
  private reading: { day: NormalizedDay } | { error: unknown } | null = null;
  private sealed: Buffer | null = null;

  constructor(
    private readonly job: Pick<SyncJob, 'lease' | 'provider' | 'cipher'>,
    readonly answer: RawAnswer,
    readonly fetchedAt: Date,
  ) {
    this.date = answer.date;
    this.sha256 = sha256(answer.body);
  }

  /** @throws ProviderPayloadInvalid, and whatever a bug in the normalizer throws */
  normalized(): NormalizedDay {
    this.reading ??= this.read();
    if ('error' in this.reading) throw this.reading.error;
    return this.reading.day;
  }

  /** What `readAhead` has found; null where there is nothing yet, or nothing usable. */
  get known(): NormalizedDay | null {
    return this.reading !== null && 'day' in this.reading ? this.reading.day : null;
  }

  /** The body as it is kept in `raw_answer`: compressed, then encrypted for this one row. */
  sealedBody(): Buffer {
    const { lease, cipher } = this.job;
    this.sealed ??= cipher.seal(
      zstdCompressSync(this.answer.body, FASTEST),
      sealContext('raw_answer', lease, this),
    );
    return this.sealed;
  }

  readAhead(): void {
    this.reading ??= this.read();
    try {
      this.sealedBody();
    } catch {
      // It comes up again, for whoever asks, when its turn comes.
    }
  }

  /** The cheapest skip: nothing is parsed. A deletion or a replay clears the fingerprint in the ledger. */
  isUnchanged(day: Fingerprint): boolean {
    return (
      (day.status === 'stored' || day.status === 'empty') &&
      day.normalizerVersion === this.job.provider.definition.normalizerVersion &&
      day.answerSha256?.equals(this.sha256) === true
    );
  }

  private read(): { day: NormalizedDay } | { error: unknown } {
    try {
      return { day: this.job.provider.normalize(this.answer) };
    } catch (error) {
      return { error };
    }
  }
}

type Fingerprint = Pick<LedgerDay, 'status' | 'answerSha256' | 'normalizerVersion'>;
