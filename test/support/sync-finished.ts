import type { Asked } from './send';

/** Waits until the user's newest run has ended. @returns that run as the API tells it */
export async function syncFinished(
  server: Asked,
  userId: string,
  timeoutMs = 60_000,
): Promise<Record<string, unknown>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { body } = await server.request('GET', `/api/v1/users/${userId}/sync/runs?limit=1`);
    if (body.length > 0 && body[0].status !== 'in_progress') return body[0];
    if (Date.now() > deadline) throw new Error(`the sync did not end: ${JSON.stringify(body[0] ?? null)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
