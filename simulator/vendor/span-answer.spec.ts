import { RunningSimulator, startSimulator } from '../server';
import { bodyOf, DemoClient } from '../testing/demo-client';
import { Entry, Point } from './entry';

interface SpanAnswer {
  data: { metrics: Record<string, Entry[]>; latest_time_zone: string };
  status: string;
}

/** Berlin, two hours before Greenwich: its 17th of June begins at 22:00Z on the 16th. */
const user = 1003;
const day = 86_400;
const midnight = Date.parse('2026-06-16T22:00:00Z') / 1000;

describe('metrics?start_epoch=&end_epoch=', () => {
  let simulator: RunningSimulator;
  let client: DemoClient;
  let token: string;

  beforeAll(async () => {
    simulator = await startSimulator({ now: '2026-06-20T18:00:00Z', uiNoise: false });
    client = new DemoClient(simulator.url);
    token = (await client.connect(user)).access_token;
  });
  afterAll(() => simulator.close());

  const ask = (query: string) => client.get(`v1/user_data/metrics?${query}`, token);
  const span = async (start: number, end: number) => {
    const answer = await ask(`start_epoch=${start}&end_epoch=${end}`);
    expect(answer.status).toBe(200);
    return bodyOf<SpanAnswer>(answer);
  };
  const whole = async (date: string) => {
    const { data } = await bodyOf<{ data: { metric_data: Entry[] } }>(await client.day(date, token));
    return data.metric_data;
  };
  const find = (entries: Entry[], type: string) => entries.find((entry) => entry.type === type)?.object;
  const points = (entries: Entry[], type: string) => (find(entries, type)?.values ?? []) as Point[];

  it('has a key for each date it touches, in E2, and whole days between its edges', async () => {
    const { data, status } = await span(midnight - 3600, midnight + day + 1);
    expect([status, data.latest_time_zone]).toEqual(['ok', 'Europe/Berlin']);
    expect(Object.keys(data.metrics)).toEqual(['2026-06-16', '2026-06-17', '2026-06-18']);
    expect(data.metrics['2026-06-17']).toEqual(await whole('2026-06-17'));
  });

  it('ends before its end: a span of whole days touches no third', async () => {
    const { data } = await span(midnight, midnight + 2 * day);
    expect(Object.keys(data.metrics)).toEqual(['2026-06-17', '2026-06-18']);
    expect(data.metrics['2026-06-18']).toEqual(await whole('2026-06-18'));
  });

  it('clips the days at its edges, their totals too', async () => {
    const [from, to] = [midnight + 6 * 3600, midnight + day + 9 * 3600];
    const { data } = await span(from, to);
    for (const [date, entries] of Object.entries(data.metrics)) {
      const all = await whole(date);
      for (const type of ['hr', 'temp', 'hrv', 'steps', 'glucose', 'night_rhr']) {
        const inside = points(all, type).filter(({ timestamp }) => from <= timestamp && timestamp < to);
        expect([type, inside.length < points(all, type).length || type === 'night_rhr']).toEqual([
          type,
          true,
        ]);
        expect([type, points(entries, type)]).toEqual([type, inside]);
      }
      const sum = points(entries, 'steps').reduce((total, { value }) => total + value, 0);
      expect(find(entries, 'steps')?.total).toBe(sum);
      expect(find(entries, 'recovery_index')).toEqual(find(all, 'recovery_index'));
    }
  });

  it('tells a sleep if it ends inside', async () => {
    const [sleep] = simulator.control.truth(user, '2026-06-17')[0].sleeps;
    const told = async (end: number) =>
      (await span(midnight, end)).data.metrics['2026-06-17'].filter(({ type }) => type === 'Sleep').length;
    expect([await told(sleep.end), await told(sleep.end + 1)]).toEqual([0, 1]);
  });

  it('knows nothing of dates to come, and has no answer where there is no date', async () => {
    const { data } = await span(midnight + 3 * day, midnight + 6 * day);
    expect(Object.keys(data.metrics)).toEqual(['2026-06-20']);
    for (const start of [midnight + 5 * day, midnight - 1000 * day])
      expect((await ask(`start_epoch=${start}&end_epoch=${start + day}`)).status).toBe(404);
    simulator.control.replay({ answers: { '2026-06-17': { data: [] } }, user });
    expect((await ask(`start_epoch=${midnight}&end_epoch=${midnight + day}`)).status).toBe(404);
    simulator.control.replay({ user });
  });

  it('may be seven days long', async () => {
    const { data } = await span(midnight - 4 * day, midnight + 3 * day);
    expect(Object.keys(data.metrics)).toHaveLength(7);
  });

  it.each([
    [`start_epoch=${midnight}&end_epoch=${midnight + 7 * day + 1}`, /seven days apart at most/],
    [`start_epoch=${midnight}&end_epoch=${midnight + day}&date=2026-06-17`, /not both/],
    [`start_epoch=${midnight}&date=2026-06-17`, /not both/],
    [`start_epoch=${midnight}`, /go together/],
    [`end_epoch=${midnight}`, /go together/],
    [`start_epoch=${midnight}&end_epoch=${midnight}`, /later than/],
    [`start_epoch=${midnight}000&end_epoch=${midnight + 1}000`, /whole seconds/],
    ['start_epoch=yesterday&end_epoch=today', /whole seconds/],
    ['', /date must be given as YYYY-MM-DD/],
  ])('refuses %s', async (query, reason) => {
    const answer = await ask(query);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ status: 400, error: expect.stringMatching(reason) });
  });
});
