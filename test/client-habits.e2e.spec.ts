import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { startApp, type TestApp } from './support/app';

const document: OpenAPIObject = JSON.parse(readFileSync(join(__dirname, '..', 'openapi.json'), 'utf8'));
const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const NOBODY = '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34';

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  example?: string;
  schema?: { type?: string };
}

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = item[method];
    if (operation === undefined) return [];
    const parameters = (operation.parameters ?? []) as Parameter[];
    // Of nobody, so that nothing is changed.
    const address = path.replace(/\{(\w+)\}/g, (_all, name: string) =>
      name === 'provider' ? 'oak' : NOBODY,
    );
    return [{ method: method.toUpperCase(), path, address, parameters }];
  }),
);
const flags = operations.flatMap(({ method, path, address, parameters }) =>
  parameters
    .filter(({ in: place, schema }) => place === 'query' && schema?.type === 'boolean')
    .map(({ name }) => ({ method, path, address: `${address}?${neededBeside(name, parameters)}`, name })),
);

function neededBeside(name: string, parameters: Parameter[]): string {
  const needed = parameters.filter((it) => it.in === 'query' && it.required === true && it.name !== name);
  return needed.map((it) => `${it.name}=${it.example}&`).join('');
}

/** What the contract's clients do with every request, whatever it is for. */
describe('habits of clients', () => {
  let server: TestApp;
  let userId: string;
  beforeAll(async () => {
    server = await startApp();
    userId = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
  });
  afterAll(() => server?.close());

  it.each(operations)('may call $method $path JSON without a body', async ({ method, address }) => {
    const plain = await server.request(method, address);
    const json = await server.request(method, address, { headers: { 'content-type': 'application/json' } });
    expect([json.status, json.body?.detail]).toEqual([plain.status, plain.body?.detail]);
    expect(json.status).not.toBe(415);
  });

  it('knows operations with true and false', () => {
    expect(flags.length).toBeGreaterThan(5);
  });

  it.each(flags)(
    'may say true and false in many words: $name of $method $path',
    async ({ method, address, name }) => {
      const detail = async (word: string) =>
        (await server.request(method, `${address}${name}=${word}`)).body?.detail as string | undefined;
      const refusal = `${name} must be true or false`;
      for (const word of ['true', 'false', '1', '0', 'on', 'off', 'yes', 'no', 'True', 'FALSE']) {
        expect(await detail(word)).not.toBe(refusal);
      }
      for (const word of ['maybe', '', `true&${name}=false`]) expect(await detail(word)).toBe(refusal);
    },
  );

  it('may repeat a key as often as they like', async () => {
    const range = 'start_time=2026-01-01&end_time=2026-01-02';
    for (const times of [1, 2, 21, 250]) {
      const types = 'types=heart_rate&types=steps&'.repeat(times);
      const answer = await server.request('GET', `/api/v1/users/${userId}/timeseries?${types}${range}`);
      expect([times, answer.status]).toEqual([times, 200]);
    }
  });
});
