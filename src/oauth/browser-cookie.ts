import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const NAME = 'vitalbase_oauth';
const SECRET = /^[\w-]{43}$/;
const SECRET_BYTES = 32;
/** Longer than a sign-in may take. */
const MAX_AGE_SECONDS = 1_800;

/** The secret of a browser in which sign-ins are started, so that nobody can end one of theirs in another. */
export const newBrowserSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** Of this origin alone where it is https (RFC 6265bis, section 4.1.3.2): no neighbour can set one. */
const nameFor = (isHttps: boolean): string => (isHttps ? `__Host-${NAME}` : NAME);

/** `Lax`, as the browser comes back from the provider's site. */
export function browserCookie(secret: string, isHttps: boolean): string {
  const secure = isHttps ? '; Secure' : '';
  return `${nameFor(isHttps)}=${secret}; Path=/; Max-Age=${MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
}

/** @param cookies the header of the request @returns null where it holds none that could be ours */
export function browserSecretIn(cookies: string | undefined, isHttps: boolean): string | null {
  const prefix = `${nameFor(isHttps)}=`;
  const [ours] = (cookies ?? '').split(/; */).filter((cookie) => cookie.startsWith(prefix));
  const secret = ours?.slice(prefix.length) ?? '';
  return SECRET.test(secret) ? secret : null;
}

/** What is stored of it. */
export const browserHash = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export const isBrowser = (secret: string | null, hash: Buffer): boolean =>
  secret !== null && timingSafeEqual(browserHash(secret), hash);

/** Stands in the page, where only that browser can read it: who sends it back has seen the page. */
export const confirmationOf = (secret: string, token: string): string =>
  createHmac('sha256', secret).update(token).digest('base64url');

export function isConfirmed(secret: string, token: string, confirmation: string): boolean {
  const [given, right] = [confirmation, confirmationOf(secret, token)].map((text) =>
    createHash('sha256').update(text).digest(),
  );
  return timingSafeEqual(given, right);
}
