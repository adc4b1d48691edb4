import type { FastifyRequest } from 'fastify';

/** Whose valid credential a request has brought, as the guard found out. */
const callers = new WeakMap<FastifyRequest, string>();

/** @param who such as `key 0Ab…`: names one credential or one developer */
export const rememberCaller = (request: FastifyRequest, who: string): void => void callers.set(request, who);

/** @returns undefined for a request that brought no valid credential, or needed none */
export const callerOf = (request: FastifyRequest): string | undefined => callers.get(request);
