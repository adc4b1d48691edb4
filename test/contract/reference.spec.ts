import { mayBeAbsent, REFERENCE } from './reference';
import { ROUTES, shapeOf } from './routes';
import { scopeOf } from './served';

const testsOf = (operation: string) =>
  ROUTES.filter((route) => shapeOf(route.operation) === shapeOf(operation));
const operations = REFERENCE.map(({ operation }) => operation);
const needed = REFERENCE.filter(({ clients }) => clients !== '').map(({ operation }) => operation);

/** Which routes there must be is written down apart from the tests of them, so that none can be forgotten. */
describe('the routes of the contract', () => {
  it('are each in the list once', () => {
    expect(operations).toEqual([...new Set(operations)]);
  });

  it.each(operations)('%s has a contract test', (operation) => {
    expect(testsOf(operation)).not.toEqual([]);
  });

  it.each(needed.filter((operation) => !mayBeAbsent(operation)))('%s goes well in one', (operation) => {
    expect(testsOf(operation).some(({ status }) => status < 300)).toBe(true);
  });

  it('are all that has a contract test, but for webhooks', () => {
    const known = new Set(operations.map(shapeOf));
    const others = ROUTES.map(({ operation }) => operation).filter((it) => !known.has(shapeOf(it)));
    expect(others.filter((operation) => !operation.includes('/webhooks/'))).toEqual([]);
  });

  const ofUsers = needed.filter(
    (operation) => operation.startsWith('GET /api/v1/users/{user_id}') && !operation.endsWith('/stream'),
  );
  it.each(ofUsers)('%s is asked for a user without data too', (operation) => {
    expect(testsOf(operation).some(({ newcomer }) => newcomer !== undefined)).toBe(true);
  });

  it.each(REFERENCE.filter(({ operation }) => operation !== 'GET /openapi.json'))(
    '$operation is for whom the contract lets in: $access',
    ({ operation, access }) => {
      expect(accessFor(scopeOf(operation))).toBe(access);
    },
  );
});

const accessFor = (scope: string | undefined) =>
  scope === undefined ? '-' : scope === 'developer' ? 'D' : 'K';
