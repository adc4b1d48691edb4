import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunningSimulator, startSimulator } from '../server';
import { DemoClient } from '../testing/demo-client';
import { localDateOf } from './local-date-of';

const dir = join(__dirname, '..', 'fixtures', 'replay');
const fixture = (name: string) => readFileSync(join(dir, name), 'utf8');
const wrapped = (name: string) =>
  JSON.stringify({ data: { metric_data: [JSON.parse(fixture(name))] }, error: null, status: 200 });

describe('localDateOf', () => {
  it.each([
    ['Dubai', 1671739200, '2022-12-23'],
    ['Berlin in summer', 1781388000, '2026-06-14'],
    ['Kolkata', 1782239400, '2026-06-24'],
    ['Chicago in summer', 1742965200, '2025-03-26'],
    ['UTC', 1705276800, '2024-01-15'],
    ['Auckland in winter', 1781352000, '2026-06-14'],
    ['Honolulu', 1781431200, '2026-06-14'],
  ])('finds the date of a midnight in %s', (_, dayStart, date) => {
    expect(localDateOf(dayStart, null)).toBe(date);
  });

  it('asks the zone when it is known', () => {
    expect(localDateOf(Date.parse('2026-06-14T11:00:00Z') / 1000, 'Pacific/Pago_Pago')).toBe('2026-06-14');
    expect(localDateOf(Date.parse('2026-06-13T11:00:00Z') / 1000, 'Pacific/Tongatapu')).toBe('2026-06-14');
  });
});

describe('replay', () => {
  let simulator: RunningSimulator;
  let client: DemoClient;
  let token: string;

  beforeAll(async () => {
    simulator = await startSimulator({ replay: dir });
    client = new DemoClient(simulator.url);
    token = (await client.connect(1001)).access_token;
  });
  afterAll(() => simulator.close());

  const body = async (date: string) => (await client.day(date, token)).text();

  it('serves whole answers byte for byte, in the envelope asked for where there are two', async () => {
    expect(await body('2026-03-06')).toBe(fixture('1-plain-e1.json'));
    simulator.control.setEnvelope('e2');
    expect(await body('2026-03-06')).toBe(fixture('2-map-e2.json'));
    simulator.control.setEnvelope('e1');
    expect(await body('2026-03-07')).toBe(wrapped('3-fragment.json'));
  });

  it('lets the index name a file that has no date of its own', async () => {
    expect(await body('2026-04-01')).toBe(fixture('5-undated.json'));
  });

  it('has no data on other dates and still wants a token', async () => {
    expect(await (await client.day('2026-03-08', token)).json()).toEqual({ status: 404, error: 'Not Found' });
    expect((await client.day('2026-03-06', 'wrong')).status).toBe(401);
  });

  it('can be switched at run time, for one user, and off again', async () => {
    const other = await client.connect(1002);
    const answers = { '2026-05-05': '{"data": []}', '2026-05-06': { data: { metric_data: [] } } };
    const switched = await client.control('POST', 'replay', { user: 1002, answers });
    expect(await switched.json()).toEqual({ dates: ['2026-05-05', '2026-05-06'] });
    expect(await (await client.day('2026-05-05', other.access_token)).text()).toBe('{"data": []}');
    expect((await client.day('2026-05-05', token)).status).toBe(404);
    await client.control('POST', 'replay', { user: 1002 });
    await client.control('POST', 'replay', {});
    expect((await client.day('2026-05-05', token)).status).toBe(200);
    const again = await client.control('POST', 'replay', { dir });
    expect(await again.json()).toEqual({ dates: ['2026-03-06', '2026-03-07', '2026-04-01'] });
  });

  it('names a folder it cannot read', async () => {
    const answer = await client.control('POST', 'replay', { dir: join(dir, 'nowhere') });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toContain('nowhere');
  });
});
