import type { DriftSample, Rejection, Sighting } from '../../../health-data/canonical';
import { kindAt } from '../vendor-table/kind-at';

/** Collects, during one normalisation, what could not be used: by key path, never with a value. */
export class Findings {
  private readonly rejections = new Map<string, Rejection>();
  private readonly sightings = new Map<string, Sighting>();

  /** @param value what is rejected; the first of a path is what the sample describes */
  reject(path: string, reason: Rejection['reason'], value: unknown, count = 1): void {
    const known = this.rejections.get(`${path} ${reason}`);
    if (known) known.count += count;
    else if (count > 0)
      this.rejections.set(`${path} ${reason}`, { path, reason, count, sample: driftSample(value) });
  }

  sight(kind: 'type' | 'field', path: string, value: unknown): void {
    this.count(kind, path, driftSample(value));
  }

  /** A word that is not among those known here; a plain one becomes part of the path, so that each is counted. */
  sightWord(path: string, word: unknown): void {
    const sample = driftSample(word);
    this.count('value', sample.literal === null ? path : `${path}.${sample.literal}`, sample);
  }

  get rejected(): Rejection[] {
    return [...this.rejections.values()].map(withKind);
  }

  get unmapped(): Sighting[] {
    return [...this.sightings.values()].map(withKind);
  }

  private count(kind: Sighting['kind'], path: string, sample: DriftSample): void {
    const known = this.sightings.get(`${kind} ${path}`);
    if (known) known.count += 1;
    else this.sightings.set(`${kind} ${path}`, { kind, path, count: 1, sample });
  }
}

function withKind<T extends Rejection | Sighting>(finding: T): T {
  const of = kindAt(finding.path);
  return of === undefined ? finding : { ...finding, of };
}

/** A vendor's name as part of a key path: in lower case, short, and without numbers that might be someone's. */
export const keyPath = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '_')
    .replaceAll(/\d{3,}/g, '#')
    .slice(0, 64) || '_';

const PLAIN_WORD = /^[a-z_]{1,32}$/;

function driftSample(value: unknown): DriftSample {
  if (value === null || value === undefined) return { jsonType: 'null', length: null, literal: null };
  if (typeof value === 'string')
    return { jsonType: 'string', length: value.length, literal: PLAIN_WORD.test(value) ? value : null };
  if (Array.isArray(value)) return { jsonType: 'array', length: value.length, literal: null };
  if (typeof value === 'object')
    return { jsonType: 'object', length: Object.keys(value).length, literal: null };
  return { jsonType: typeof value === 'boolean' ? 'boolean' : 'number', length: null, literal: null };
}
