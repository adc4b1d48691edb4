export interface TestRequest {
  /** An object is sent as JSON, a text as it stands. */
  body?: object | string;
  headers?: Record<string, string>;
  /** The API key to send; null sends none. Default: one with every scope. */
  key?: string | null;
}

export interface TestAnswer {
  status: number;
  headers: Headers;
  /** Parsed if it is JSON, else the text; null when there is none. */
  body: ReturnType<typeof JSON.parse>;
}

/** A server that is asked over real HTTP. */
export interface Asked {
  url: string;
  /** @param path with its query, such as `/api/v1/users?limit=1` */
  request(method: string, path: string, options?: TestRequest): Promise<TestAnswer>;
}

export async function send(
  url: string,
  method: string,
  { body, headers, key }: TestRequest,
): Promise<TestAnswer> {
  const answer = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(key && { 'X-Open-Wearables-API-Key': key }),
      ...headers,
    },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text || null };
}
