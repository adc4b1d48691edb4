import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What the demo must find again: without the first two, its database cannot be read any more. */
export interface DemoState {
  encryptionKey: string;
  apiKeyPepper: string;
  apiKey: string | null;
  adminPassword: string;
}

/** @returns null when there is none yet */
export function loadState(file: string): DemoState | null {
  if (!existsSync(file)) return null;
  const state: Partial<DemoState> = parse(file);
  if (typeof state.encryptionKey === 'string' && typeof state.apiKeyPepper === 'string') {
    return {
      encryptionKey: state.encryptionKey,
      apiKeyPepper: state.apiKeyPepper,
      apiKey: state.apiKey ?? null,
      adminPassword: state.adminPassword ?? randomPassword(),
    };
  }
  throw new Error(`${file} is damaged. Start afresh with: npm run demo -- --reset`);
}

export const newState = (): DemoState => ({
  encryptionKey: randomBytes(32).toString('base64'),
  apiKeyPepper: randomBytes(32).toString('base64'),
  apiKey: null,
  adminPassword: randomPassword(),
});

const randomPassword = () => randomBytes(9).toString('base64url');

/** Renamed into place: a kill in the middle of writing must not cost the keys. */
export function saveState(file: string, state: DemoState): void {
  writePrivately(file, `${JSON.stringify(state, null, 2)}\n`);
}

export function writePrivately(file: string, text: string): void {
  writeFileSync(`${file}.tmp`, text, { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}

function parse(file: string): Partial<DemoState> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
