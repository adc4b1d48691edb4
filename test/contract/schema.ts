/** JSON Schema, written short. Everything here comes from the contract of Open Wearables API v1 and from nothing of this server. */
export type Schema = Record<string, unknown>;
type Properties = Record<string, Schema>;

export const text: Schema = { type: 'string' };
export const whole: Schema = { type: 'integer' };
export const number: Schema = { type: 'number' };
export const flag: Schema = { type: 'boolean' };
export const uuid = matching('^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$');
/** ISO 8601 in UTC with `Z`. */
export const instant = matching('^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?Z$');
export const date = matching('^\\d{4}-\\d{2}-\\d{2}$');
export const zoneOffset = nullable(matching('^[+-]\\d{2}:\\d{2}$'));
export const anything: Schema = {};

export function matching(pattern: string): Schema {
  return { type: 'string', pattern };
}

export const always = (value: unknown): Schema => ({ const: value });

export const oneOf = (...values: string[]): Schema => ({ type: 'string', enum: values });

export const between = (minimum: number, maximum: number, type = 'number'): Schema => ({
  type,
  minimum,
  maximum,
});

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

export const list = (items: Schema): Schema => ({ type: 'array', items });

export const byName = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });

/**
 * Every property is there, and no other one but the additions: so a field that is renamed shows twice.
 * @param additions documented fields of this server that the contract does not have
 */
export const object = (properties: Properties, additions: Properties = {}): Schema => ({
  type: 'object',
  properties: { ...properties, ...additions },
  required: Object.keys(properties),
  additionalProperties: false,
});

const pagination = (totalCount: Schema): Schema =>
  object({
    next_cursor: nullable(text),
    previous_cursor: nullable(text),
    has_more: flag,
    total_count: totalCount,
  });

/** @param total summaries count nothing */
export const page = (
  item: Schema,
  { total = whole, time = instant, resolution = always(null) } = {},
): Schema =>
  object({
    data: list(item),
    pagination: pagination(total),
    metadata: object({ resolution, sample_count: whole, start_time: time, end_time: time }),
  });

/** The contract knows `detail` alone; this server adds the members of RFC 9457. */
export const problem = object({ detail: text }, { type: text, title: text, status: whole });
