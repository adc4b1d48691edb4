import type { TestRequest } from '../support/send';
import type { Caller, ContractWorld } from './contract-world';
import { accountRoutes } from './routes-of-accounts';
import { dataRoutes } from './routes-of-data';
import { settingsRoutes } from './routes-of-settings';
import { userRoutes } from './routes-of-users';
import type { Schema } from './schema';

/** One call of the contract and what it must answer. */
export interface Route {
  /** Method and path as the contract writes them; how a parameter is called does not matter. */
  operation: string;
  /** Default: an API key with every scope. */
  as?: Caller;
  /** What stands in the place of the path's parameters, and what is sent. Without it: the user with data. */
  ask?: (world: ContractWorld) => Ask | Promise<Ask>;
  query?: string;
  status: number;
  /** Null where there is no body. */
  answer: Schema | null;
  /** What a text is made of, where it is no JSON. */
  read?: (body: string) => unknown;
  /** Asked of the user without data too, who gets this. */
  newcomer?: Schema;
  /** Why even a user with data has none of this. */
  nothing?: string;
}

export interface Ask extends TestRequest {
  params?: Record<string, string>;
}

export const ROUTES: Route[] = [...accountRoutes, ...userRoutes, ...dataRoutes, ...settingsRoutes];

/** The operation without the names of its parameters. */
export const shapeOf = (operation: string): string => operation.replaceAll(/\{\w+\}/g, '{}');

/** @returns the path with its query */
export function pathOf({ operation, query }: Route, params: Record<string, string>): string {
  const path = operation.split(' ')[1].replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (params[name] === undefined) throw new Error(`${operation}: nothing stands for ${name}`);
    return encodeURIComponent(params[name]);
  });
  return query === undefined ? path : `${path}?${query}`;
}
