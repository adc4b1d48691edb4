import Ajv, { type ValidateFunction } from 'ajv';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Operation, Schema } from './document';

export interface Answer {
  status: number;
  type: string | null;
  text: string;
}

/** More of one body say nothing new. */
const TOLD = 3;

/** Holds answers to what the document declares. */
export class Judge {
  private readonly ajv = new Ajv({ allErrors: true, strict: false, formats: FORMATS });
  private readonly validators = new Map<Schema, ValidateFunction>();

  constructor({ components }: OpenAPIObject) {
    const schemas = Object.entries(components?.schemas ?? {});
    this.ajv.addSchema({
      $id: 'document',
      components: {
        schemas: Object.fromEntries(schemas.map(([name, schema]) => [name, strict(schema as Schema)])),
      },
    });
  }

  /** @returns what is wrong with the answer */
  faultsOf({ answers }: Operation, { status, type, text }: Answer): string[] {
    const declared = answers[status];
    if (status >= 500 && !['501', '503'].some((it) => it === String(status) && declared !== undefined))
      return [`answers ${status}: ${text.slice(0, 200)}`];
    if (declared === undefined) return [`answers ${status}, which is not declared: ${text.slice(0, 200)}`];
    if (Object.keys(declared).length === 0)
      return text === ''
        ? []
        : [`answers ${status} with a body, and none is declared: ${text.slice(0, 100)}`];
    const media = type?.split(';')[0].trim() ?? '';
    const schema = declared[media];
    if (schema === undefined) return [`answers ${status} as ${media || 'nothing'}, which is not declared`];
    return media.includes('json')
      ? this.faultsOfBody(schema, text).map((it) => `answers ${status}: ${it}`)
      : [];
  }

  private faultsOfBody(schema: Schema, text: string): string[] {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return [`no JSON: ${text.slice(0, 100)}`];
    }
    const validate = this.validatorOf(schema);
    if (validate(body)) return [];
    return (validate.errors ?? [])
      .slice(0, TOLD)
      .map(({ instancePath, message, params }) =>
        [instancePath || 'the body', message, JSON.stringify(params)].join(' '),
      );
  }

  private validatorOf(schema: Schema): ValidateFunction {
    const known = this.validators.get(schema);
    if (known !== undefined) return known;
    const made = this.ajv.compile(strict(schema));
    this.validators.set(schema, made);
    return made;
  }
}

const FORMATS = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T/,
  email: /@/,
  binary: true,
} as const;

/** OpenAPI 3.0 as JSON Schema; and a field that an object's schema does not name is a fault. */
function strict(schema: Schema): object {
  const { nullable, $ref, items, properties, allOf, oneOf, anyOf, additionalProperties, ...rest } = schema;
  const each = (list: Schema[] | undefined) => list?.map(strict);
  const isClosed = properties !== undefined && additionalProperties === undefined;
  const made = {
    ...rest,
    ...($ref !== undefined && { $ref: $ref.replace('#', 'document#') }),
    ...(items !== undefined && { items: strict(items) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, strict(property)]),
      ),
    }),
    ...(allOf !== undefined && { allOf: each(allOf) }),
    ...(oneOf !== undefined && { oneOf: each(oneOf) }),
    ...(anyOf !== undefined && { anyOf: each(anyOf) }),
    ...(isClosed && { additionalProperties: false }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: strict(additionalProperties) }),
    ...(typeof additionalProperties === 'boolean' && { additionalProperties }),
  };
  return nullable === true ? { anyOf: [{ type: 'null' }, made] } : made;
}
