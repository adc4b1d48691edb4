import Ajv from 'ajv';
import type { Schema } from './schema';

const ajv = new Ajv({ allErrors: true });
/** More of them say nothing new. */
const TOLD = 10;

/** Fails with what of the body is not as the schema says. */
export function expectToBe(schema: Schema, body: unknown): void {
  ajv.validate(schema, body);
  const told = (ajv.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
  expect(told.slice(0, TOLD)).toEqual([]);
}
