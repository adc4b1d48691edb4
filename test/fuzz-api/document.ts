import type { OpenAPIObject } from '@nestjs/swagger';

export interface Schema {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  enum?: unknown[];
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  additionalProperties?: boolean | Schema;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
}

export interface Operation {
  /** Such as `GET /api/v1/users`. */
  name: string;
  method: string;
  path: string;
  tag: string;
  /** The scope that a key needs, `developer` for who is signed in, null for everybody. */
  access: string | null;
  parameters: Parameter[];
  /** By content type. */
  bodies: Record<string, Schema>;
  /** Of each declared status the content types with their schemas; none where there is no body. */
  answers: Record<string, Record<string, Schema>>;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

type Content = Record<string, { schema?: unknown }> | undefined;

/** Every operation of the document, in its order. */
export function operationsOf({ paths }: OpenAPIObject): Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): Operation[] => {
      const operation = item[method];
      if (operation === undefined) return [];
      const { parameters = [], requestBody, responses } = operation;
      const answers = Object.entries(responses).map(([status, answer]) => [
        status,
        schemasOf(answer && 'content' in answer ? answer.content : undefined),
      ]);
      return [
        {
          name: `${method.toUpperCase()} ${path}`,
          method: method.toUpperCase(),
          path,
          tag: operation.tags?.[0] ?? '',
          access: (operation as { 'x-scope'?: string })['x-scope'] ?? null,
          parameters: parameters.flatMap((parameter) =>
            'name' in parameter ? [{ ...parameter, required: parameter.required === true } as Parameter] : [],
          ),
          bodies: schemasOf(requestBody && 'content' in requestBody ? requestBody.content : undefined),
          answers: Object.fromEntries(answers) as Operation['answers'],
        },
      ];
    }),
  );
}

const schemasOf = (content: Content): Record<string, Schema> =>
  Object.fromEntries(
    Object.entries(content ?? {}).map(([type, media]) => [type, (media.schema ?? {}) as Schema]),
  );

/** Of `$ref`s into the document's components. */
export type Resolve = (schema: Schema) => Schema;

export const resolver =
  ({ components }: OpenAPIObject): Resolve =>
  (schema) => {
    const name = schema.$ref?.split('/').at(-1);
    if (name === undefined) return schema;
    const found = components?.schemas?.[name];
    if (found === undefined) throw new Error(`The document has no schema ${name}`);
    return found as Schema;
  };
