/**
 * Reads fields as a client does that cannot do without them: `data[].source.provider` of every item, `items?` of what may
 * be null.
 * @throws Error that names the field which is not there
 */
export function readFields(body: unknown, fields: readonly string[]): void {
  for (const field of fields) readField(body, field.split('.'), field);
}

function readField(value: unknown, [step, ...rest]: string[], field: string): void {
  const [, name, mark] = /^(\w+)(\[\]|\?)?$/.exec(step)!;
  const found = (value as Record<string, unknown> | null)?.[name];
  if (found === undefined) throw new Error(`There is no ${field} in ${JSON.stringify(value)?.slice(0, 300)}`);
  if (rest.length === 0) return;
  if (mark === '[]') for (const item of found as unknown[]) readField(item, rest, field);
  else if (mark !== '?' || found !== null) readField(found, rest, field);
}
