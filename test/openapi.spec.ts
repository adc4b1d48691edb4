import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { EXAMPLE_USER_ID } from '../src/http/api-examples';
import { withExamples } from '../src/openapi';
import { TAGS } from '../src/openapi-text';
import { startApp, type TestApp } from './support/app';

/**
 * The committed document, which `npm run openapi -- --check` compares with the compiled code. Here it is only read:
 * jest compiles without the plugin that reads types and comments, so what jest makes has no schemas.
 */
const document: OpenAPIObject = JSON.parse(readFileSync(join(__dirname, '..', 'openapi.json'), 'utf8'));

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = item[method];
    return operation ? [{ name: `${method.toUpperCase()} ${path}`, operation }] : [];
  }),
);
type Operation = (typeof operations)[number]['operation'];
type Parameter = Extract<NonNullable<Operation['parameters']>[number], { name: string }> & {
  schema?: { example?: unknown };
};

const KEYS = ['X-Open-Wearables-API-Key', 'X-API-Key'];
const SIGN_INS = ['Developer', 'Bearer'];

const parametersOf = ({ parameters = [] }: Operation) =>
  parameters.filter((parameter): parameter is Parameter => 'name' in parameter);

const MADE_BY_THE_SERVER = [
  'task_id',
  'developer_id',
  'invitation_id',
  'key_id',
  'run_id',
  'sleep_id',
  'workout_id',
  'cycle_id',
  'replay_id',
];

const namesOf = ({ paths }: OpenAPIObject) =>
  Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => `${method} ${path}`),
  );

describe('openapi.json', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(() => server?.close());

  it('lists exactly the routes of the server', async () => {
    const { body } = await server.request('GET', '/openapi.json', { key: null });
    expect(namesOf(document).toSorted()).toEqual(namesOf(body).toSorted());
  });

  it('groups them by task, in this order', () => {
    expect(document.tags?.map(({ name }) => name)).toEqual(TAGS.map(([name]) => name));
    const used = new Set(operations.flatMap(({ operation }) => operation.tags ?? []));
    expect([...used].toSorted()).toEqual(TAGS.map(([name]) => name).toSorted());
  });

  it('offers three ways to send the key, and a sign-in', () => {
    expect(document.components?.securitySchemes).toMatchObject({
      'X-Open-Wearables-API-Key': { type: 'apiKey', in: 'header', name: 'X-Open-Wearables-API-Key' },
      'X-API-Key': { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      Bearer: { type: 'http', scheme: 'bearer' },
      Developer: { type: 'oauth2', flows: { password: { tokenUrl: '/api/v1/auth/login' } } },
    });
  });

  describe.each(operations)('$name', ({ operation }) => {
    it('has a summary and one tag', () => {
      expect(operation.summary).toMatch(/^[A-Z].{4,}[^.]$/);
      expect(operation.tags).toHaveLength(1);
    });

    it('says what it answers, and what when it fails', () => {
      const statuses = Object.keys(operation.responses);
      const [good] = statuses.filter((status) => /^[23]/.test(status));
      const errors = statuses.filter((status) => /^[45]/.test(status));
      // What is not there answers nothing good.
      expect(good === undefined).toBe('x-absent' in operation);
      const hasBody = good !== undefined && 'content' in operation.responses[good]!;
      expect(hasBody).toBe(good !== undefined && !['204', '303'].includes(good));
      expect(errors.length).toBeGreaterThan(0);
      for (const status of errors) {
        expect(operation.responses[status]).toMatchObject({
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
        });
      }
    });

    it('asks for a key or a sign-in, or is open, and answers 401 and 403 accordingly', () => {
      const ways = operation.security?.flatMap((way) => Object.keys(way)) ?? [];
      const refusals = ['401', '403'].filter((status) => status in operation.responses);
      // What is open may refuse a password that it is sent.
      expect([
        { ways: [], refusals: [] },
        { ways: [], refusals: ['401'] },
        { ways: SIGN_INS, refusals: ['401'] },
        { ways: [...KEYS, ...SIGN_INS], refusals: ['401', '403'] },
      ]).toContainEqual({ ways, refusals });
    });

    it('has an example for everything that must be sent', () => {
      const empty = parametersOf(operation)
        .filter(({ required, example, schema }) => required && (example ?? schema?.example) === undefined)
        .map(({ name }) => name);
      // An id that the server makes up cannot be known before: it is copied from an answer of the route beside it.
      expect(empty.filter((name) => !MADE_BY_THE_SERVER.includes(name))).toEqual([]);
    });
  });

  it('has examples that work against the demo', () => {
    const parameters = operations.flatMap(({ operation }) => parametersOf(operation));
    const examplesOf = (wanted: string) =>
      new Set(
        parameters
          .filter(({ name, required }) => required && name === wanted)
          .map(({ example }) => example as unknown),
      );
    expect([...examplesOf('user_id')]).toEqual([EXAMPLE_USER_ID]);
    expect([...examplesOf('start_time')]).toEqual(['2026-08-02']);
  });
});

describe('the API page', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(() => server?.close());

  it('keeps the key over reloads, and is ready to try', async () => {
    const { body } = await server.request('GET', '/docs/swagger-ui-init.js', { key: null });
    for (const option of ['persistAuthorization', 'tryItOutEnabled', 'displayRequestDuration', 'filter']) {
      expect(body).toContain(`"${option}": true`);
    }
    expect(body).toContain('"docExpansion": "list"');
  });
});

describe('withExamples', () => {
  const parametersOn = (today: string) => {
    const { paths } = withExamples(document, new Date(today), 'acme-band');
    return parametersOf(paths['/api/v1/users/{user_id}/timeseries'].get!);
  };
  const exampleOn = (today: string, name: string) =>
    parametersOn(today).find((parameter) => parameter.name === name)?.example;

  it('fills in the week up to today, so that a server that runs for long keeps up', () => {
    expect(exampleOn('2026-03-02T23:59:00Z', 'start_time')).toBe('2026-02-24');
    expect(exampleOn('2026-03-02T23:59:00Z', 'end_time')).toBe('2026-03-03');
    expect(exampleOn('2026-03-05T00:00:00Z', 'end_time')).toBe('2026-03-06');
  });

  it('leaves optional filters empty', () => {
    const optional = parametersOn('2026-03-02T12:00:00Z').filter(({ required }) => !required);
    expect(optional.length).toBeGreaterThan(0);
    for (const parameter of optional) expect(parameter).not.toHaveProperty('example');
  });
});
