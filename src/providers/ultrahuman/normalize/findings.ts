import type { Rejection, Sighting } from '../../../health-data/canonical';

/** Collects, during one normalisation, what could not be used: by key path, never with a value. */
export class Findings {
  private readonly rejections = new Map<string, Rejection>();
  private readonly sightings = new Map<string, Sighting>();

  reject(path: string, reason: Rejection['reason'], count = 1): void {
    const known = this.rejections.get(`${path} ${reason}`);
    if (known) known.count += count;
    else if (count > 0) this.rejections.set(`${path} ${reason}`, { path, reason, count });
  }

  sight(path: string, count = 1): void {
    const known = this.sightings.get(path);
    if (known) known.count += count;
    else if (count > 0) this.sightings.set(path, { path, count });
  }

  get rejected(): Rejection[] {
    return [...this.rejections.values()];
  }

  get unmapped(): Sighting[] {
    return [...this.sightings.values()];
  }
}

/** A vendor's name as part of a key path: in lower case, short, and without what a database cannot hold. */
export const keyPath = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '_')
    .slice(0, 64);
