import { startApp, type TestApp } from '../support/app';
import { simulatedBy } from '../support/vendor-connection';
import { deviations } from './deviations';
import { pathOf, ROUTES, shapeOf, type Route } from './routes';
import { problem } from './schema';
import { isServed } from './served';

const UNKNOWN = '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34';
const RANGE = 'start_date=2026-03-01&end_date=2026-03-08';
const TIMES = 'start_time=2026-03-01&end_time=2026-03-08';

/** One of each operation. */
const routes = ROUTES.filter(isServed).filter(
  ({ operation }, index, all) =>
    index === all.findIndex((other) => shapeOf(other.operation) === shapeOf(operation)),
);
const cases = (chosen: Route[]) => chosen.map((route) => [route.operation, route] as const);
const ofAUser = routes.filter(({ operation }) => operation.includes('{user_id}'));

describe('an error of the contract', () => {
  let server: TestApp;
  let user: string;
  beforeAll(async () => {
    server = await startApp(simulatedBy({ url: 'http://127.0.0.1:9' }));
    user = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
  });
  afterAll(() => server?.close());

  /** @param filled what stands for the parameters of the path */
  async function refused(route: Route, filled: Record<string, string>) {
    const [method] = route.operation.split(' ');
    const params = new Proxy(filled, { get: (given, name: string) => given[name] ?? UNKNOWN });
    const query = route.query?.replace('{newcomer}', UNKNOWN);
    const path = pathOf({ ...route, query }, params);
    const answer = await (route.as === 'developer'
      ? server.asDeveloper(method, path)
      : server.request(method, path));
    expect(deviations(problem, answer.body)).toEqual([]);
    return answer;
  }

  it.each(cases(ofAUser))('%s is 400 for an id that is none, and 404 for nobody', async (_name, route) => {
    expect(await refused(route, { user_id: '17', provider: 'ultrahuman' })).toMatchObject({ status: 400 });
    // What the product does not have it has for nobody.
    if (route.status === 501) return;
    expect(await refused(route, { user_id: UNKNOWN, provider: 'ultrahuman' })).toMatchObject({
      status: 404,
      body: { detail: expect.stringMatching(/^User .*not found/) },
    });
  });

  const user1 = (path: string) => `/api/v1/users/{user}${path}`;
  it.each<[string, string, number, string | RegExp, object?]>([
    // A validation error is 400, and one text.
    ['GET', '/api/v1/users?limit=0', 400, /limit/],
    ['GET', '/api/v1/users?sort_by=shoe_size', 400, /sort_by/],
    ['POST', '/api/v1/users', 400, /email/, { email: 'nobody' }],
    ['POST', '/api/v1/users', 400, /first_name/, { first_name: 'x'.repeat(101) }],
    ['GET', user1('/timeseries'), 400, /start_time/],
    ['GET', user1(`/timeseries?${TIMES}&types=pulse`), 400, /types/],
    ['GET', user1(`/timeseries?${TIMES}&resolution=2min`), 400, /resolution/],
    ['GET', user1(`/events/sleep?${RANGE}&limit=1001`), 400, /limit/],
    ['GET', user1('/sync/recent?limit=201'), 400, /limit/],
    ['GET', '/api/v1/sync/runs?limit=10001', 400, /limit/],
    ['GET', '/api/v1/sync/runs?status=finished', 400, /status/],
    ['GET', user1(`/health-scores?category=luck`), 400, /category/],
    // Theirs answers 500.
    ['GET', user1('/health-scores?start_date=2026-03-08&end_date=2026-03-01'), 400, /start_date|end_date/],
    ['POST', '/api/v1/providers/ultrahuman/users/{user}/sync?data_type=everything', 400, /data_type/],
    ['POST', '/api/v1/providers/ultrahuman/users/{user}/sync/historical?days=366', 400, /days/],
    // Dates and cursors.
    ...['timeseries?start_time=soon&end_time=1', 'events/sleep?start_date=soon&end_date=1'].map(
      (path): [string, string, number, string] => [
        'GET',
        user1(`/${path}`),
        400,
        "Invalid datetime format: 'soon'. Expected ISO 8601 format or Unix timestamp.",
      ],
    ),
    ...[
      `timeseries?${TIMES}`,
      `events/sleep?${RANGE}`,
      `summaries/sleep?${RANGE}`,
      `events/workouts?${RANGE}`,
    ].map((path): [string, string, number, string] => [
      'GET',
      user1(`/${path}&cursor=torn`),
      400,
      "Invalid cursor format: 'torn'. Expected 'timestamp|id'.",
    ]),
    // What there is not.
    ['GET', `/api/v1/users/${UNKNOWN}`, 404, `User with ID: ${UNKNOWN} not found.`],
    ['POST', '/api/v1/providers/ultrahuman/users/{user}/sync', 404, /[Cc]onnection/],
    ['DELETE', user1('/connections/ultrahuman'), 404, /[Cc]onnection/],
    ['DELETE', user1(`/events/sleep/${UNKNOWN}`), 404, /^Sleep session .*not found|^Sleep session not found/],
    ['GET', '/static/provider-icons/nobody.svg', 404, /./],
    // What there is already.
    ['POST', '/api/v1/users', 409, 'User with this email already exists.', { email: 'twice@example.com' }],
    ['POST', '/api/v1/users', 400, /^User entity already exists. Details: /, { external_user_id: 'twice' }],
    // What a sign-in may run into.
    ['GET', '/api/v1/oauth/ultrahuman/callback?code=c&state=old', 400, 'Invalid or expired state parameter'],
    // Whatever comes behind says what to send instead.
  ])('%s %s is %i: %s', async (method, path, status, detail, ...[body]) => {
    const twice = { email: 'twice@example.com', external_user_id: 'twice' };
    await server.request('POST', '/api/v1/users', { body: twice });
    const answer = await server.request(method, path.replace('{user}', user), { body });
    expect(deviations(problem, answer.body)).toEqual([]);
    const begin = { asymmetricMatch: (told: string) => told.startsWith(String(detail)) };
    expect({ status: answer.status, detail: answer.body.detail }).toEqual({
      status,
      detail: typeof detail === 'string' ? begin : { asymmetricMatch: (told: string) => detail.test(told) },
    });
  });
});
