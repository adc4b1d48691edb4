import type { Asked } from './send';

/** The environment that points a server at a simulator. */
export function simulatedBy(simulator: { url: string }): Record<string, string> {
  return {
    ULTRAHUMAN_CLIENT_ID: 'vitalbase-demo',
    ULTRAHUMAN_CLIENT_SECRET: 'vitalbase-demo-secret',
    ULTRAHUMAN_AUTHORIZE_URL: `${simulator.url}/authorise`,
    ULTRAHUMAN_TOKEN_URL: `${simulator.url}/api/partners/oauth/token`,
    ULTRAHUMAN_API_BASE_URL: `${simulator.url}/api/partners/v1`,
    // A simulator needs no sparing.
    ULTRAHUMAN_REQUESTS_PER_SECOND: '10000',
    ULTRAHUMAN_CONCURRENT_PER_USER: '4',
  };
}

/** A new user, signed in at the vendor as one of its personas: authorize, consent, callback. @returns the user's id */
export async function connectPersona(server: Asked, persona: number): Promise<string> {
  const user = await server.request('POST', '/api/v1/users', { body: {} });
  const userId: string = user.body.id;
  const authorize = await server.request('GET', `/api/v1/oauth/ultrahuman/authorize?user_id=${userId}`);
  const callback = await allow(authorize.body.authorization_url, persona);
  const answer = await fetch(`${server.url}${callback.pathname}${callback.search}`, { redirect: 'manual' });
  if (answer.status !== 303 || !answer.headers.get('location')?.includes('/oauth/success'))
    throw new Error(`the sign-in failed: ${answer.status} ${answer.headers.get('location')}`);
  return userId;
}

/** Presses "Allow" on the vendor's consent page. @returns where the vendor sends the browser */
export async function allow(authorizationUrl: string, persona: number): Promise<URL> {
  const url = new URL(authorizationUrl);
  const form = new URLSearchParams({ persona: String(persona), decision: 'allow' });
  for (const name of ['client_id', 'redirect_uri', 'response_type', 'state'])
    form.set(name, url.searchParams.get(name)!);
  form.set('requested_scope', url.searchParams.get('scope')!);
  for (const scope of url.searchParams.get('scope')!.split(' ')) form.append('scope', scope);
  const consent = await fetch(`${url.origin}${url.pathname}`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  return new URL(consent.headers.get('location')!);
}
