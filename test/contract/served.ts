import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shapeOf, type Route } from './routes';

const { paths } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, { 'x-scope'?: string }>>;
};
const METHODS = new Set(['get', 'put', 'post', 'patch', 'delete']);

/** Every operation that this server documents. */
export const served = Object.entries(paths).flatMap(([path, item]) =>
  Object.keys(item)
    .filter((method) => METHODS.has(method))
    .map((method) => `${method.toUpperCase()} ${path}`),
);

/** The document itself is no operation of its own. */
const shapes = new Set([...served.map(shapeOf), 'GET /openapi.json']);

export const isServed = ({ operation }: Route): boolean => shapes.has(shapeOf(operation));

/** @returns the scope that an API key needs, `developer` where none does, undefined where everybody is let in */
export function scopeOf(operation: string): string | undefined {
  const [method, path] = operation.split(' ');
  return paths[path][method.toLowerCase()]['x-scope'];
}
