import { ContractWorld } from './contract-world';
import { OWN_OPERATIONS } from './own-operations';
import { expectToBe } from './expect-to-be';
import { pathOf, ROUTES, shapeOf, type Route } from './routes';
import { isServed, served } from './served';

const routes = ROUTES.filter((route) => isServed(route) && !route.upcoming);

/** The schemas say what the contract says; the answers are a real server's about a month of a simulated life. */
describe('the contract', () => {
  let world: ContractWorld;
  beforeAll(async () => {
    world = await ContractWorld.start();
  }, 120_000);
  afterAll(() => world?.close());

  it('has a schema for every operation that is not of this server alone', () => {
    const known = new Set([
      ...ROUTES.map(({ operation }) => shapeOf(operation)),
      ...OWN_OPERATIONS.map(shapeOf),
    ]);
    expect(served.filter((operation) => !known.has(shapeOf(operation)))).toEqual([]);
  });

  it.each(routes.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
    const { params = {}, ...request } = (await route.ask?.(world)) ?? {};
    const asked = { user_id: world.user, provider: 'ultrahuman', ...params };
    const body = await answerTo(route, asked, request);
    if (route.answer !== null) expectToBe(route.answer, body);
    if (route.nothing === undefined && route.status === 200) expect(isEmpty(body)).toBe(false);
  });

  it.each(
    routes.filter(({ newcomer }) => newcomer !== undefined).map((route) => [nameOf(route), route] as const),
  )('%s of a user without data', async (_name, route) => {
    expectToBe(route.newcomer!, await answerTo(route, { user_id: world.newcomer }, {}));
  });

  async function answerTo(route: Route, params: Record<string, string>, request: object): Promise<unknown> {
    const [method] = route.operation.split(' ');
    const filled = { ...route, query: route.query?.replace('{newcomer}', world.newcomer) };
    const answer = await world.ask(route.as ?? 'key', method, pathOf(filled, params), {
      // As the portal does, whether there is a body or not.
      headers: { 'Content-Type': 'application/json' },
      ...request,
    });
    expect({ status: answer.status, body: answer.status === route.status ? null : answer.body }).toEqual({
      status: route.status,
      body: null,
    });
    if (route.answer === null) expect(answer.body).toBeNull();
    return answer.body;
  }
});

function nameOf({ operation, query }: Route): string {
  return query === undefined ? operation : `${operation}?${query}`;
}

/** A page or a list of nothing proves nothing. */
function isEmpty(body: unknown): boolean {
  if (Array.isArray(body)) return body.length === 0;
  if (typeof body !== 'object' || body === null) return body === null;
  const { data, items } = body as { data?: unknown; items?: unknown };
  return [data, items].some((list) => Array.isArray(list) && list.length === 0);
}
