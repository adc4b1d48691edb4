import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wirePlace } from '../scripts/covered/wire-places';
import { isMapped } from '../src/providers/ultrahuman/vendor-table/vendor-field';
import { VENDOR_TABLE } from '../src/providers/ultrahuman/vendor-table/vendor-table';

interface Schema {
  $ref?: string;
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  enum?: string[];
}

/** The committed document, which `npm run openapi -- --check` compares with the compiled code. */
const document = JSON.parse(readFileSync(join(__dirname, '..', 'openapi.json'), 'utf8'));

/** What a schema is, behind references and lists. */
function opened(schema: Schema | undefined): Schema | undefined {
  const [only] = schema?.allOf ?? [];
  if (only !== undefined) return opened(only);
  if (schema?.items !== undefined) return opened(schema.items);
  if (schema?.$ref === undefined) return schema;
  return opened(document.components.schemas[schema.$ref.split('/').at(-1)!]);
}

const below = (schema: Schema | undefined, path: string): Schema | undefined =>
  path.split('.').reduce((at, key) => opened(at)?.properties?.[key], schema);

const operation = (route: string) => document.paths[`/api/v1/users/{user_id}/${route}`]?.get;

const page = (route: string): Schema => operation(route)?.responses['200'].content['application/json'].schema;

function valuesOf(route: string, parameter: string): string[] {
  const found = operation(route)?.parameters.find((it: { name: string }) => it.name === parameter);
  return opened(found?.schema)?.enum ?? [];
}

/** Whether a client that reads the document finds the name at the route. */
function isDescribed(route: string, name: string): boolean {
  const [word] = /[a-z0-9_.]+/.exec(name.replace(/^score /, '')) ?? [''];
  if (route === 'timeseries') return valuesOf(route, 'types').includes(word);
  if (route === 'health-scores') {
    const components = !name.includes('components') || below(page(route), 'data.components') !== undefined;
    return components && valuesOf(route, 'category').includes(word);
  }
  return below(page(route), `data.${word}`) !== undefined;
}

/** `events/sleep`, `summaries/sleep`, and where `details` stands behind one, the fields that it adds. */
const routesOf = (told: string) =>
  [...told.matchAll(/`([^`]+)`(, details)?/g)].map(([, route, details]) => ({
    route,
    isDetail: details !== undefined,
  }));

const PLACES = new Map(
  VENDOR_TABLE.filter(isMapped)
    .map(({ place }) => wirePlace(place))
    .flatMap((wire) => (wire === null ? [] : [[`${wire.route} ${wire.name}`, wire] as const])),
);

describe('where the coverage says that a field is found', () => {
  it.each([...PLACES.keys()])('%s', (key) => {
    const { name, route: told } = PLACES.get(key)!;
    const bare = name.replaceAll('`', '');
    for (const { route, isDetail } of routesOf(told))
      expect([route, bare, isDescribed(route, isDetail ? `details.${bare}` : bare)]).toEqual([
        route,
        bare,
        true,
      ]);
  });

  it('is looked up for real', () => {
    expect(PLACES.size).toBeGreaterThan(70);
    expect(isDescribed('events/sleep', 'details.graphs.heart_rate.nonsense')).toBe(false);
    expect(isDescribed('timeseries', 'nonsense of the day')).toBe(false);
  });
});
