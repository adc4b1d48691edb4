/** The REST API as a client app sees it: everything that the demo shows comes from here. */
export class Api {
  constructor(
    readonly url: string,
    private readonly key: string,
  ) {}

  async get<T>(path: string, query: Record<string, string> = {}): Promise<T> {
    return this.body<T>(await this.request('GET', `${path}?${new URLSearchParams(query).toString()}`));
  }

  /** @param accept further statuses that are fine, with which the answer is null */
  async post<T>(path: string, body?: object, accept: number[] = []): Promise<T | null> {
    const response = await this.request('POST', path, body);
    if (accept.includes(response.status)) return null;
    return this.body<T>(response);
  }

  /** Whether the server takes the key. */
  async acceptsKey(path: string): Promise<boolean> {
    return (await this.request('GET', path)).status !== 401;
  }

  private request(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { 'X-API-Key': this.key, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
  }

  private async body<T>(response: Response): Promise<T> {
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${new URL(response.url).pathname} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}

export interface Page<T> {
  data: T[];
}

export interface ConnectionItem {
  provider: string;
  status: string;
  last_synced_at: string;
}

export interface SyncRunItem {
  run_id: string;
  status: string;
  message: string | null;
  error: string | null;
  items_processed: number | null;
  items_total: number | null;
}

export interface SleepItem {
  start_time: string;
  end_time: string;
  zone_offset: string | null;
  duration_seconds: number;
  sleep_duration_seconds: number | null;
  efficiency_percent: number | null;
  stages: Record<'awake_minutes' | 'light_minutes' | 'deep_minutes' | 'rem_minutes', number> | null;
  sleep_stage_intervals: StageInterval[] | null;
  is_nap: boolean;
}

export interface StageInterval {
  stage: string;
  start_time: string;
  end_time: string;
}

export interface SampleItem {
  timestamp: string;
  zone_offset: string | null;
  value: number;
  is_daily_total: boolean | null;
}

export interface RecoveryItem {
  date: string;
  resting_heart_rate_bpm: number | null;
  recovery_score: number | null;
}
