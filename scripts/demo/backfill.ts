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
    await walkOAuth(api, provider, userId);
    say(
      'Connected',
      `authorize → consent → callback → token exchange, ${seconds(performance.now() - startedMs)}`,
    );
    return showRun(api, userId, 'Backfill', null);
  }
  const ageMs = now.getTime() - Date.parse(connection.last_synced_at ?? '1970-01-01');
  if (ageMs < FRESH_MS && !(await isSyncing(api, userId))) {
    return say('Connected', `since an earlier run; data synced ${Math.round(ageMs / 60_000)} min ago`);
  }
  say('Connected', 'since an earlier run');
  const run = await api.post<{ run_id: string }>(`/providers/${provider}/users/${userId}/sync`);
  return showRun(api, userId, 'Sync', run?.run_id ?? null);
}

const latestRun = async (api: Api, userId: string): Promise<SyncRunItem | undefined> =>
  (await api.get<SyncRunItem[]>(`/users/${userId}/sync/runs`, { limit: '1' }))[0];

const isSyncing = async (api: Api, userId: string) =>
  (await latestRun(api, userId))?.status === 'in_progress';

/** @param runId the run to wait for; null: the first one */
async function showRun(api: Api, userId: string, label: string, runId: string | null): Promise<void> {
  const run = await showProgress(label, async () => {
    const latest = await latestRun(api, userId);
    const isIt = latest !== undefined && (runId === null || latest.run_id === runId);
    return {
      progress: { done: isIt ? (latest.items_processed ?? 0) : 0, total: isIt ? latest.items_total : null },
      result: isIt && latest.status !== 'in_progress' ? latest : null,
    };
  });
  if (run.status === 'failed')
    throw new Error(`The sync failed: ${run.error ?? run.message ?? 'no reason given'}`);
  if (run.status !== 'success')
    say('', `The sync ended as "${run.status}": ${run.error ?? run.message ?? ''}`);
}
