export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
  /** Spread over so long, a few bytes at a time. */
  dripMs?: number;
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  const body = JSON.stringify(value);
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}

export function html(status: number, body: string): Reply {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  };
  return { status, headers, body };
}

export function redirect(location: string): Reply {
  return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' };
}

export function empty(status: number): Reply {
  return { status, headers: {}, body: '' };
}

/** The vendor's words for an unknown path, a future date and a date without data. */
export function notFound(): Reply {
  return json(404, { status: 404, error: 'Not Found' });
}

export function unauthorized(): Reply {
  return json(
    401,
    { error: 'invalid_token' },
    { 'www-authenticate': 'Bearer realm="Doorkeeper", error="invalid_token"' },
  );
}
