import type { DataKind } from '../../../health-data/canonical';
import { isMapped, type Place } from './vendor-field';
import { VENDOR_TABLE } from './vendor-table';

/**
 * The kind of data that is found at a path of the vendor's, or around it: `heart_rate` at `hr`, `score:recovery` at
 * `recovery_index.value`, `sleep` at `sleep.sleep_graph.data`; undefined for a type that is not in the table.
 */
export function kindAt(path: string): DataKind | undefined {
  const steps = path.split('.');
  for (let length = steps.length; length > 0; length--) {
    const kind = KINDS.get(steps.slice(0, length).join('.'));
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** By path; a type that holds samples is called by them, whatever else stands in it. */
const KINDS = new Map<string, DataKind>();
for (const { path, place } of VENDOR_TABLE.filter(isMapped)) {
  const kind = kindOf(place);
  if (kind === undefined) continue;
  const [type] = path.split('.');
  KINDS.set(path, kind);
  if (place.in === 'series' || !KINDS.has(type)) KINDS.set(type, kind);
}

function kindOf(place: Place): DataKind | undefined {
  switch (place.in) {
    case 'series':
      return place.code;
    case 'daily':
      return `daily:${place.code}`;
    case 'score':
      return `score:${place.category}`;
    case 'night':
    case 'curve':
    case 'sleep':
      return 'sleep';
    default:
      return undefined;
  }
}
