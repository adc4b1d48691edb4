import { ContractWorld } from './contract-world';
import { deviations } from './deviations';
import { OWN_OPERATIONS } from './own-operations';
import { pathOf, ROUTES, shapeOf, type Route } from './routes';
import { isServed, served } from './served';

const routes = ROUTES.filter((route) => isServed(route));
const cases = (chosen: Route[]) =>
  chosen.map((route) => {
    const { operation, query } = route;
    return [query === undefined ? operation : `${operation}?${query}`, route] as const;
  });

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
    expect(ROUTES.filter((route) => !isServed(route)).map(({ operation }) => operation)).toEqual([]);
  });

  it('lists what is of this server alone once, and only what it has', () => {
    expect(OWN_OPERATIONS).toEqual([...new Set(OWN_OPERATIONS)]);
    expect(OWN_OPERATIONS.filter((operation) => !served.includes(operation))).toEqual([]);
  });

  it.each(cases(routes))('%s', async (_name, route) => {
    const { params = {}, ...request } = (await route.ask?.(world)) ?? {};
    const asked = { user_id: world.user, provider: 'ultrahuman', ...params };
    const { status, body: raw } = await answerTo(route, asked, request);
    const body = route.read?.(raw) ?? raw;
    expect({ status, deviations: deviations(route.answer ?? { type: 'null' }, body) }).toEqual(
      fulfilled(route),
    );
    expect(isEmpty(body)).toBe(route.nothing !== undefined || route.answer === null);
  });

  it.each(cases(routes.filter(({ newcomer }) => newcomer !== undefined)))(
    '%s of a user without data',
    async (_name, route) => {
      const { status, body } = await answerTo(route, { user_id: world.newcomer }, {});
      expect({ status, deviations: deviations(route.newcomer!, body) }).toEqual(fulfilled(route));
    },
  );

  function answerTo(route: Route, params: Record<string, string>, request: object) {
    const [method] = route.operation.split(' ');
    const filled = { ...route, query: route.query?.replace('{newcomer}', world.newcomer) };
    return world.ask(route.as ?? 'key', method, pathOf(filled, params), {
      // As the portal does, whether there is a body or not.
      headers: { 'Content-Type': 'application/json' },
      ...request,
    });
  }
});

const fulfilled = ({ status }: Route) => ({ status, deviations: [] });

/** A page or a list of nothing proves nothing. */
function isEmpty(body: unknown): boolean {
  if (Array.isArray(body)) return body.length === 0;
  if (typeof body !== 'object' || body === null) return body === null;
  const { data, items } = body as { data?: unknown; items?: unknown };
  return [data, items].some((list) => Array.isArray(list) && list.length === 0);
}
