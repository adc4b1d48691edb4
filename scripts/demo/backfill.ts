import type { Api, ConnectionItem, SyncRunItem } from './api';
import { walkOAuth } from './consent';
import { say, seconds, showProgress } from './terminal';

/** A sync older than this may have missed last night. */
const FRESH_MS = 3_600_000;

/**
 * Connects the user unless that is done, and waits until the data is there.
 * @throws Error when the sync brought nothing
 */
export async function connectAndFetch(api: Api, provider: string, userId: string, now: Date): Promise<void> {
  const connections = await api.get<ConnectionItem[]>(`/users/${userId}/connections`);
  const connection = connections.find((one) => one.provider === provider && one.status === 'active');
  const startedMs = performance.now();
  if (!connection) {
    const earlier = new Set((await latestRuns(api, userId)).map(({ run_id }) => run_id));
    await walkOAuth(api, provider, userId);
    say(
      'Connected',
      `authorize → consent → callback → token exchange, ${seconds(performance.now() - startedMs)}`,
    );
    return showRun(api, userId, 'Backfill', ({ run_id }) => !earlier.has(run_id));
  }
  const ageMs = now.getTime() - Date.parse(connection.last_synced_at);
  if (ageMs < FRESH_MS && (await hasSynced(api, userId))) {
    return say('Connected', `since an earlier run; data synced ${Math.round(ageMs / 60_000)} min ago`);
  }
  say('Connected', 'since an earlier run');
  const asked = await api.post<{ run_id: string }>(`/providers/${provider}/users/${userId}/sync`);
  return showRun(api, userId, 'Sync', ({ run_id }) => run_id === asked?.run_id);
}

const latestRuns = (api: Api, userId: string): Promise<SyncRunItem[]> =>
  api.get<SyncRunItem[]>(`/users/${userId}/sync/runs`, { limit: '100' });

async function hasSynced(api: Api, userId: string): Promise<boolean> {
  const runs = await latestRuns(api, userId);
  return runs.length > 0 && runs.every(({ status }) => status !== 'in_progress');
}

/** Waits for the oldest run that it is. */
async function showRun(
  api: Api,
  userId: string,
  label: string,
  isIt: (run: SyncRunItem) => boolean,
): Promise<void> {
  const run = await showProgress(label, async () => {
    const found = (await latestRuns(api, userId)).findLast(isIt);
    return {
      progress: { done: found?.items_processed ?? 0, total: found?.items_total ?? null },
      result: found && found.status !== 'in_progress' ? found : null,
    };
  });
  if (run.status === 'failed')
    throw new Error(`The sync failed: ${run.error ?? run.message ?? 'no reason given'}`);
  if (run.status !== 'success')
    say('', `The sync ended as "${run.status}": ${run.error ?? run.message ?? ''}`);
}
