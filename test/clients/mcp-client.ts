import { readFields } from './fields';

export interface Found {
  id: string;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
}

interface Page<Item> {
  data: Item[];
  pagination: { next_cursor: string | null };
}

export interface Sample {
  timestamp: string;
  type: string;
  value: number;
  unit: string;
}

type Query = Record<string, string | string[] | undefined>;

const TIMEOUT_MS = 30_000;
/** Of time series; nothing else is paged. */
const MAX_PAGES = 100;
const LIMIT = '100';

/** Works as the MCP server of Open Wearables does: an API key, bare dates, repeated `types`, these fields and no others. */
export class McpClient {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  async getUsers(search?: string): Promise<{ users: Found[]; total: number }> {
    const body = await this.get<{ items: Found[]; total: number }>('/users', { limit: LIMIT, search });
    readFields(body, ['items[].id', 'items[].first_name', 'items[].last_name', 'items[].email', 'total']);
    return { users: body.items, total: body.total };
  }

  getActivitySummary(user: string, start: string, end: string) {
    const query = { start_date: start, end_date: end, limit: LIMIT };
    return this.ofUser<Record<string, unknown> & { date: string }>(user, '/summaries/activity', query, [
      ...[
        'date',
        'steps',
        'distance_meters',
        'active_calories_kcal',
        'total_calories_kcal',
        'active_minutes',
      ],
      ...['sedentary_minutes', 'floors_climbed', 'elevation_meters', 'source.provider'],
      ...['light', 'moderate', 'vigorous'].map((band) => `intensity_minutes?.${band}`),
      ...['avg_bpm', 'max_bpm', 'min_bpm'].map((figure) => `heart_rate?.${figure}`),
    ]);
  }

  getSleepSummary(user: string, start: string, end: string) {
    const query = { start_date: start, end_date: end, limit: LIMIT };
    const fields = ['date', 'start_time', 'end_time', 'duration_minutes', 'source.provider'];
    return this.ofUser<{ date: string; duration_minutes: number | null }>(
      user,
      '/summaries/sleep',
      query,
      fields,
    );
  }

  getWorkoutEvents(user: string, start: string, end: string, type?: string) {
    const query = { start_date: start, end_date: end, limit: LIMIT, record_type: type };
    return this.ofUser(user, '/events/workouts', query, [
      ...[
        'id',
        'type',
        'name',
        'start_time',
        'end_time',
        'duration_seconds',
        'calories_kcal',
        'distance_meters',
      ],
      ...['avg_heart_rate_bpm', 'max_heart_rate_bpm', 'avg_pace_sec_per_km', 'elevation_gain_meters'],
      'source.provider',
    ]);
  }

  /** All pages, up to 10,000 samples. */
  async getTimeseries(user: string, start: string, end: string, types: string[], resolution = 'raw') {
    const samples: Sample[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const query = { start_time: start, end_time: end, types, resolution, limit: LIMIT, cursor };
      const fields = ['timestamp', 'type', 'value', 'unit', 'source.provider'];
      const page = await this.ofUser<Sample>(user, '/timeseries', query, fields);
      const odd = page.data.find(({ value }) => typeof value !== 'number');
      if (odd) throw new Error(`A value is no number: ${JSON.stringify(odd)}`);
      samples.push(...page.data);
      if (page.pagination.next_cursor === null) return samples;
      cursor = page.pagination.next_cursor;
    }
    return samples;
  }

  /** Every tool but the list of users looks the user up first. */
  private async ofUser<Item>(
    user: string,
    path: string,
    query: Query,
    fields: string[],
  ): Promise<Page<Item>> {
    const found = await this.get<Found>(`/users/${user}`).catch((error: unknown) => {
      if (String(error).includes('404')) throw new Error(`User not found: ${user}`);
      throw error;
    });
    readFields(found, ['id', 'first_name', 'last_name']);
    const page = await this.get<Page<Item>>(`/users/${user}${path}`, query);
    readFields(page, ['pagination.next_cursor', ...fields.map((field) => `data[].${field}`)]);
    return page;
  }

  private async get<T>(path: string, query: Query = {}): Promise<T> {
    const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
      [value].flat().flatMap((it) => (it === undefined ? [] : [[name, it]])),
    );
    const answer = await fetch(`${this.url}/api/v1${path}?${new URLSearchParams(pairs).toString()}`, {
      headers: { 'X-Open-Wearables-API-Key': this.key },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status === 401) throw new Error('Invalid API key');
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
