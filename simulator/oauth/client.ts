/** The one registered application. */
export interface OAuthClient {
  id: string;
  secret: string;
  /** Empty: any redirect to this machine is accepted, which is what a demo needs. */
  redirectUris: string[];
}

export function acceptsRedirect(client: OAuthClient, uri: string): boolean {
  if (client.redirectUris.length > 0) return client.redirectUris.includes(uri);
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname, hash, username } = new URL(uri);
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return loopback && ['http:', 'https:'].includes(protocol) && hash === '' && username === '';
}
