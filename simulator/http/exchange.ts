import { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request, read to its end. */
export interface Exchange {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

const largestBody = 32 * 1024 * 1024;

export async function readExchange(request: IncomingMessage): Promise<Exchange> {
  const url = new URL(request.url ?? '/', 'http://simulator.invalid');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error('request body too large');
    chunks.push(chunk);
  }
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** Fields of a form, or of a flat JSON object for clients that prefer it. */
export function readFields(exchange: Exchange): URLSearchParams {
  if (!exchange.headers['content-type']?.includes('application/json'))
    return new URLSearchParams(exchange.body);
  const fields = new URLSearchParams();
  for (const [key, value] of Object.entries(readJson(exchange))) {
    if (typeof value === 'string' || typeof value === 'number') fields.append(key, String(value));
  }
  return fields;
}

/** An empty body counts as an empty object; anything but an object is a mistake of the caller. */
export function readJson(exchange: Exchange): Record<string, unknown> {
  if (exchange.body.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(exchange.body);
  } catch {
    throw new BadInput('the body is not JSON');
  }
  if (!isRecord(value)) throw new BadInput('the body must be a JSON object');
  return value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function bearerToken(exchange: Exchange): string | null {
  return /^Bearer (\S+)$/.exec(exchange.headers.authorization ?? '')?.[1] ?? null;
}

/** Becomes a 400 whose message says what to send instead. */
export class BadInput extends Error {}
