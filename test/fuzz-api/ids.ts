import type { Operation } from './document';
import type { Draft } from './requests';

type Filled = Record<string, string>;

/** At most so many of each are kept, the newest ones. */
const KEPT = 60;

const RUN = '/api/v1/users/{user_id}/sync/runs/{run_id}';

/** The ids that there are: given at the start, and learned from answers. */
export class KnownIds {
  /** By the shape of the path that shows them, such as `/api/v1/users/{user_id}`. */
  private readonly known = new Map<string, Filled[]>();

  constructor(
    private readonly given: {
      /** Only to be read. */
      readable: string[];
      /** May be changed and synced. */
      workers: string[];
      /** May be deleted. */
      spare: string[];
      /** Of no operation that changes anything: without them the run could not go on. */
      untouchable: Set<string>;
      provider: string;
    },
  ) {}

  /** What stands for the parameters of the path. */
  fill(operation: Operation, { path }: Draft): Filled {
    const filled: Filled = {};
    const entries = this.entriesFor(operation);
    for (const [name, value] of Object.entries(path)) {
      if ('text' in value) filled[name] = value.text;
      else Object.assign(filled, this.one(operation, name, value.known, entries), { ...filled });
    }
    return filled;
  }

  private one(operation: Operation, name: string, n: number, entries: Filled[]): Filled {
    if (name === 'user_id') {
      const users = this.usersFor(operation.method);
      // Those with records of their own, so that the ids behind are of the same user.
      return entries.length > 0 ? entries[n % entries.length] : { user_id: users[n % users.length] };
    }
    if (name === 'provider') return { provider: n % 8 === 0 ? 'garmin' : this.given.provider };
    if (name === 'file') return { file: `${this.given.provider}.svg` };
    if (name === 'device_type') return { device_type: ['ring', 'watch', 'phone'][n % 3] };
    return entries.length > 0
      ? entries[n % entries.length]
      : { [name]: '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34' };
  }

  private usersFor(method: string): string[] {
    const { readable, workers, spare } = this.given;
    if (method === 'GET') return [...readable, ...workers.slice(0, 2)];
    return method === 'DELETE' ? spare : [...workers, ...workers, ...spare.slice(-2)];
  }

  private entriesFor({ path, method }: Operation): Filled[] {
    const upToId = path.slice(0, path.lastIndexOf('}') + 1);
    const entries = this.known.get(upToId) ?? [];
    if (method === 'GET') return entries;
    return entries.filter((entry) =>
      Object.values(entry).every(
        (id) => !this.given.untouchable.has(id) && !this.given.readable.includes(id),
      ),
    );
  }

  /** Takes from an answer what the operations below its path need. */
  learn(path: string, filled: Filled, body: unknown, children: readonly string[]): void {
    for (const item of itemsOf(body)) {
      if (typeof item.run_id === 'string' && filled.user_id !== undefined)
        this.add(RUN, { user_id: filled.user_id, run_id: item.run_id });
      for (const child of children) {
        const name = /\{(\w+)\}$/.exec(child)?.[1];
        if (name === undefined || child.slice(0, child.lastIndexOf('/')) !== path) continue;
        const id = item[name] ?? item.id;
        if (typeof id === 'string') this.add(child, { ...filled, [name]: id });
      }
    }
  }

  private add(child: string, entry: Filled): void {
    if (child === '/api/v1/users/{user_id}') {
      // Made by the run itself, so it may go again.
      const { spare, readable, workers } = this.given;
      if (![...readable, ...workers, ...spare].includes(entry.user_id)) spare.push(entry.user_id);
      if (spare.length > 2 * KEPT) spare.splice(0, KEPT);
      return;
    }
    const entries = this.known.get(child) ?? [];
    entries.push(entry);
    this.known.set(child, entries.slice(-KEPT));
  }
}

function itemsOf(body: unknown): Record<string, unknown>[] {
  if (Array.isArray(body)) return body.filter((it) => typeof it === 'object' && it !== null);
  if (typeof body !== 'object' || body === null) return [];
  const { data, items } = body as Record<string, unknown>;
  return [
    body as Record<string, unknown>,
    ...[data, items].flatMap((list) => (Array.isArray(list) ? list : [])),
  ];
}
