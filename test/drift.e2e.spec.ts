import { ApiKeysService } from '../src/access/api-keys.service';
import { startApp, type TestApp } from './support/app';

const sample = (path: string) => ({ path, jsonType: 'string', length: 9, literal: 'power_nap' });

describe('drift, as operators see it', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
    await seen('acme', 'type', 'breath', 11, '2026-03-01T06:00:00.123Z');
    await seen('acme', 'value', 'nap.type.power_nap', 13, '2026-03-02T06:00:00Z');
    await seen('acme', 'rejected', 'spo2:out_of_range', 17, '2026-03-03T06:00:00Z');
    await seen('other-band', 'rejected', 'other', 19, '2026-03-04T06:00:00Z');
  });
  afterAll(() => server?.close());

  /** Last seen an hour after the first time. */
  const seen = (provider: string, kind: string, name: string, count: number, first: string) =>
    server.sql(
      `INSERT INTO drift_sighting (provider, kind, name, count, first_seen_at, last_seen_at, sample)
       VALUES ($1, $2, $3, $4, $5, $5::timestamptz + interval '1 hour', $6)`,
      [provider, kind, name, count, first, sample(name.split(':')[0])],
    );
  const get = (query = '') => server.request('GET', `/api/v1/ops/drift${query}`);
  const names = async (query: string) =>
    (await get(query)).body.data.map(({ name }: { name: string }) => name) as string[];

  it('is listed by its latest sighting, with a sample that is no value', async () => {
    const { status, body } = await get();
    expect(status).toBe(200);
    expect(body.pagination).toEqual({
      next_cursor: null,
      previous_cursor: null,
      has_more: false,
      total_count: 4,
    });
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual([
      'other',
      'spo2:out_of_range',
      'nap.type.power_nap',
      'breath',
    ]);
    expect(body.data[1]).toEqual({
      provider: 'acme',
      kind: 'rejected',
      name: 'spo2:out_of_range',
      reason: 'out_of_range',
      count: 17,
      first_seen_at: '2026-03-03T06:00:00.000Z',
      last_seen_at: '2026-03-03T07:00:00.000Z',
      sample: { path: 'spo2', json_type: 'string', length: 9, literal: 'power_nap' },
    });
    expect(body.data[0]).toMatchObject({ reason: null });
    expect(body.data[3]).toMatchObject({ reason: null, first_seen_at: '2026-03-01T06:00:00.123Z' });
  });

  it('is filtered by provider, kind and time, and paged', async () => {
    expect(await names('?provider=acme&kind=rejected')).toEqual(['spo2:out_of_range']);
    expect(await names('?provider=nobody')).toEqual([]);
    expect(await names('?since=2026-03-02T07:00:00Z&provider=acme')).toEqual([
      'spo2:out_of_range',
      'nap.type.power_nap',
    ]);
    expect(await names('?since=2026-03-02T07:00:00.001Z&provider=acme')).toEqual(['spo2:out_of_range']);
    const { body } = await get('?limit=2&offset=1');
    expect(body.data).toHaveLength(2);
    expect(body.pagination).toMatchObject({ has_more: true, total_count: 4 });
    expect((await get('?limit=2&offset=2')).body.pagination).toMatchObject({ has_more: false });
  });

  it.each([
    ['?kind=health', 'kind must be one of type, field, value, rejected'],
    ['?since=yesterday', /^Invalid datetime format: 'yesterday'\./],
    ['?limit=1001', 'limit must be a whole number from 1 to 1000'],
    ['?offset=-1', 'offset must be a whole number, 0 or more'],
    ['?name=x', /^Unknown parameter 'name'\. Accepted are: provider, kind, since, limit, offset\.$/],
  ])('refuses %s', async (query, detail) => {
    const { status, body } = await get(query);
    expect(status).toBe(400);
    expect(body.detail).toMatch(detail);
  });

  describe.each(['/api/v1/ops/drift', '/metrics'])('%s', (path) => {
    it('is for keys with the scope ops', async () => {
      const { key } = await server.app
        .get(ApiKeysService)
        .create({ name: 'an app', scopes: ['read', 'write', 'connect', 'sync'], environment: 'test' });
      expect((await server.request('GET', path, { key: null })).status).toBe(401);
      const refused = await server.request('GET', path, { key });
      expect(refused.status).toBe(403);
      expect(refused.body.detail).toContain("lacks the scope 'ops'");
    });
  });

  describe('GET /metrics', () => {
    const metrics = async () => {
      const { key } = await server.app
        .get(ApiKeysService)
        .create({ name: 'prometheus', scopes: ['ops'], environment: 'test' });
      return server.request('GET', '/metrics', {
        key: null,
        headers: { authorization: `Bearer ${key}`, accept: 'text/plain;version=0.0.4' },
      });
    };
    /** The lines of the counter, by their labels. */
    const sightings = async (): Promise<Map<string, number>> => {
      const { body }: { body: string } = await metrics();
      return new Map(
        [...body.matchAll(/^vitalbase_drift_sightings_total\{(.*)\} (\d+)$/gm)].map(([, labels, count]) => [
          labels,
          Number(count),
        ]),
      );
    };

    it('is the text that Prometheus reads, with the counts of the table and of the process', async () => {
      const { status, headers, body } = await metrics();
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(body).toMatch(/^# TYPE vitalbase_drift_sightings_total counter$/m);
      expect(body).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
      expect(body).toMatch(/^process_resident_memory_bytes \d/m);
      expect(await sightings()).toEqual(
        new Map([
          ['provider="acme",kind="rejected",name="spo2:out_of_range"', 17],
          ['provider="acme",kind="type",name="breath"', 11],
          ['provider="acme",kind="value",name="nap.type.power_nap"', 13],
          ['provider="other-band",kind="rejected",name="other"', 19],
        ]),
      );
    });

    it('follows the table from scrape to scrape', async () => {
      await server.sql(`UPDATE drift_sighting SET count = 12 WHERE name = 'breath'`);
      expect((await sightings()).get('provider="acme",kind="type",name="breath"')).toBe(12);
    });

    it('names the first 50, which stay named, and sums up the rest by provider and kind', async () => {
      for (let index = 0; index < 60; index++) {
        const minute = String(index).padStart(2, '0');
        await seen('acme', 'field', `f_${minute}`, 100 + index, `2026-04-01T00:${minute}:00Z`);
      }
      const all = await sightings();
      const named = [...all.keys()].filter((labels) => !labels.includes('name="other"'));
      expect(named).toHaveLength(50);
      // Three were there before, so the first 47 of the 60 keep their names.
      expect(all.get('provider="acme",kind="field",name="f_46"')).toBe(146);
      expect(all.has('provider="acme",kind="field",name="f_47"')).toBe(false);
      const rest = Array.from({ length: 13 }, (_, index) => 147 + index).reduce((sum, one) => sum + one);
      expect(all.get('provider="acme",kind="field",name="other"')).toBe(rest);
      expect(all.get('provider="other-band",kind="rejected",name="other"')).toBe(19);
    });
  });
});
