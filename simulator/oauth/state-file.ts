import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isRecord } from '../http/exchange';
import { Grant } from './grant-store';

export interface SavedState {
  /** Epoch seconds of the first start; the simulated lives depend on it. */
  anchor: number;
  grants: Grant[];
}

export function loadState(file: string | undefined): SavedState | null {
  if (file === undefined || !existsSync(file)) return null;
  try {
    const state: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isSavedState(state)) return state;
  } catch {
    // Fall through: unreadable and misshapen get the same advice.
  }
  throw new Error(`${file} holds no simulator state; delete it to start afresh`);
}

/** Renamed into place: a kill in the middle of writing must not cost the tokens. */
export function saveState(file: string, state: SavedState): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
  renameSync(draft, file);
}

function isSavedState(value: unknown): value is SavedState {
  return isRecord(value) && typeof value.anchor === 'number' && Array.isArray(value.grants);
}
