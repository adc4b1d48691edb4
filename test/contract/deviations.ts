import Ajv from 'ajv';
import type { Schema } from './schema';

const ajv = new Ajv({ allErrors: true });
/** More of them say nothing new. */
const TOLD = 10;

/** What of a body is not as the schema says. */
export function deviations(schema: Schema, body: unknown): string[] {
  ajv.validate(schema, body);
  return (ajv.errors ?? [])
    .slice(0, TOLD)
    .map(({ instancePath, message, params }) => [instancePath, message, JSON.stringify(params)].join(' '));
}
