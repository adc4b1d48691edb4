import { DEFAULTS } from '../options';

export interface Tokens {
  access_token: string;
  refresh_token: string;
  token_type: string;
  expires_in: number;
  scope: string;
  created_at: number;
}

export const redirectUri = 'http://127.0.0.1:8080/oauth/callback';

/** The body as the spec that reads it expects it to be; what it then asserts is the check. */
export async function bodyOf<T>(answer: Response): Promise<T> {
  const value: T = JSON.parse(await answer.text());
  return value;
}

const allScopes = 'profile ring_data cgm_data';

/** Walks the simulator over HTTP the way a browser and a client would. For specs. */
export class DemoClient {
  constructor(readonly url: string) {}

  consentPage(fields: Record<string, string> = {}): Promise<Response> {
    const query = {
      client_id: DEFAULTS.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      state: 'st4te',
    };
    const search = new URLSearchParams({ ...query, scope: allScopes, ...fields });
    return fetch(`${this.url}/authorise?${search.toString()}`, { redirect: 'manual' });
  }

  async decide(user: number, scopes: string[], decision = 'allow'): Promise<URL> {
    const form = new URLSearchParams({
      client_id: DEFAULTS.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      state: 'st4te',
      requested_scope: allScopes,
      persona: String(user),
      decision,
    });
    for (const scope of scopes) form.append('scope', scope);
    const answer = await fetch(`${this.url}/authorise`, { method: 'POST', body: form, redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? 'about:blank');
  }

  token(fields: Record<string, string>): Promise<Response> {
    const credentials = { client_id: DEFAULTS.clientId, client_secret: DEFAULTS.clientSecret };
    const body = new URLSearchParams({ ...credentials, ...fields });
    return fetch(`${this.url}/api/partners/oauth/token`, { method: 'POST', body });
  }

  async code(user: number, scopes = allScopes.split(' ')): Promise<string> {
    return (await this.decide(user, scopes)).searchParams.get('code') ?? '';
  }

  redeem(code: string): Promise<Response> {
    return this.token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri });
  }

  refresh(refreshToken: string): Promise<Response> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  async connect(user: number, scopes?: string[]): Promise<Tokens> {
    const answer = await this.redeem(await this.code(user, scopes));
    return bodyOf<Tokens>(answer);
  }

  get(path: string, accessToken: string): Promise<Response> {
    return fetch(`${this.url}/api/partners/${path}`, { headers: { authorization: `Bearer ${accessToken}` } });
  }

  day(date: string, accessToken: string): Promise<Response> {
    return this.get(`v1/user_data/metrics?date=${date}`, accessToken);
  }

  control(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}/__sim/${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }
}
