import { setTimeout as sleep } from 'node:timers/promises';

/** @throws Error when it does not come true in time */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  { patienceMs = 60_000, everyMs = 50 } = {},
): Promise<void> {
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline;) {
    if (await condition()) return;
    await sleep(everyMs);
  }
  throw new Error(`in vain, for ${patienceMs} ms: ${what}`);
}

/** In the order given, so many at once. */
export async function inParallel<Item, Result>(
  items: Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  });
  await Promise.all(workers);
  return results;
}
