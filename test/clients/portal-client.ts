import { readFields } from './fields';

type Query = Record<string, string | number | boolean | string[] | undefined>;

export interface Call {
  query?: Query;
  /** An object is sent as JSON, parameters as a form. */
  body?: object;
  /** The pages for people who are not signed in send no header. */
  signedIn?: boolean;
}

export interface SyncEvent {
  run_id: string;
  stage: string;
  status: string;
  message: string | null;
  metadata: { is_historical?: boolean; inserted?: number; updated?: number };
}

/** What the portal takes any 401 for. */
export class SessionOver extends Error {}

/** The server failed: told after three more tries, also of a POST. */
const RETRIES = 3;

/** Works as the React portal of Open Wearables does, in a browser that asks before it sends. */
export class PortalClient {
  private token: string | undefined;

  constructor(
    private readonly url: string,
    private readonly origin: string,
  ) {}

  async login(username: string, password: string): Promise<void> {
    const body = new URLSearchParams({ username, password });
    const answer = await this.call<{ access_token: string }>('POST', '/auth/login', {
      body,
      signedIn: false,
    });
    readFields(answer, ['access_token']);
    this.token = answer.access_token;
  }

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.call<T>('GET', path, { query });
  }

  /** @returns undefined where there is no body */
  async call<T = unknown>(
    method: string,
    path: string,
    { query = {}, body, signedIn = true }: Call = {},
  ): Promise<T> {
    const url = `${this.url}/api/v1${path}${search(query)}`;
    const headers = this.headers(body, signedIn);
    await this.preflight(url, method, headers);
    const request = { method, headers, body: body instanceof URLSearchParams ? body : JSON.stringify(body) };
    let answer = await fetch(url, request);
    for (let retry = 0; answer.status >= 500 && retry < RETRIES; retry += 1)
      answer = await fetch(url, request);
    this.mayRead(answer);
    const read = await bodyOf(answer);
    if (answer.ok) return read as T;
    const { message, detail } = (read ?? {}) as { message?: string; detail?: string };
    const text = message ?? detail;
    if (typeof text !== 'string')
      throw new Error(`${method} ${path} answered ${answer.status} without a text`);
    throw answer.status === 401 ? new SessionOver(text) : new Error(text);
  }

  /** The whole list, page after page: the portal goes forwards only and keeps its own way back. */
  async pages<T>(path: string, query: Query): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.get<{
        data: T[];
        pagination: { next_cursor: string | null; has_more: boolean };
      }>(path, { ...query, cursor });
      readFields(page, ['data', 'pagination.next_cursor', 'pagination.has_more']);
      items.push(...page.data);
      cursor = page.pagination.has_more ? (page.pagination.next_cursor ?? undefined) : undefined;
    } while (cursor !== undefined);
    return items;
  }

  /** Reads the stream until the event that is waited for, by fetch: an EventSource could not send the token. */
  async follow(user: string, until: (event: SyncEvent) => boolean): Promise<SyncEvent[]> {
    const abort = new AbortController();
    const answer = await fetch(`${this.url}/api/v1/users/${user}/sync/stream?replay=20`, {
      credentials: 'include',
      headers: { Authorization: `Bearer ${this.token}`, Accept: 'text/event-stream', Origin: this.origin },
      signal: AbortSignal.any([abort.signal, AbortSignal.timeout(60_000)]),
    });
    this.mayRead(answer);
    const events: SyncEvent[] = [];
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of answer.body!) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop()!;
      events.push(...blocks.flatMap(eventOf));
      if (events.some(until)) break;
    }
    abort.abort();
    return events;
  }

  private headers(body: object | undefined, signedIn: boolean): Record<string, string> {
    return {
      Origin: this.origin,
      // On every call, whether it has a body or not.
      'Content-Type':
        body instanceof URLSearchParams ? 'application/x-www-form-urlencoded' : 'application/json',
      ...(signedIn && { Authorization: `Bearer ${this.token}` }),
    };
  }

  /** A browser asks first, and does not send what it is not allowed. */
  private async preflight(url: string, method: string, headers: Record<string, string>): Promise<void> {
    const names = Object.keys(headers)
      .map((name) => name.toLowerCase())
      .filter((name) => name !== 'origin');
    const answer = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        Origin: this.origin,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': names.join(','),
      },
    });
    this.mayRead(answer);
    const allowed = (header: string) => (answer.headers.get(header) ?? '').toLowerCase().split(/, */);
    const isAllowed =
      answer.ok &&
      allowed('access-control-allow-methods').includes(method.toLowerCase()) &&
      names.every((name) => allowed('access-control-allow-headers').includes(name));
    if (!isAllowed) throw new Error(`The browser does not send ${method} ${url}: ${answer.status}`);
  }

  /** With credentials the origin must be echoed: `*` does not do. */
  private mayRead({ headers, url }: Response): void {
    const isAllowed =
      headers.get('access-control-allow-origin') === this.origin &&
      headers.get('access-control-allow-credentials') === 'true';
    if (!isAllowed) throw new Error(`The browser hides the answer of ${url}`);
  }
}

function search(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    [value].flat().flatMap((it) => (it === undefined ? [] : [[name, String(it)]])),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

async function bodyOf(answer: Response): Promise<unknown> {
  if (answer.status === 204 || answer.headers.get('content-length') === '0') return undefined;
  const isJson = answer.headers.get('content-type')?.includes('application/json');
  return isJson ? answer.json() : answer.text();
}

/** Comments and other events are not for the portal. */
function eventOf(block: string): SyncEvent[] {
  const lines = block.split('\n');
  const data = lines.find((line) => line.startsWith('data:'));
  return lines.includes('event: sync.status') && data !== undefined ? [JSON.parse(data.slice(5))] : [];
}
