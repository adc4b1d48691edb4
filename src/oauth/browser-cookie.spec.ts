import {
  browserCookie,
  browserHash,
  browserSecretIn,
  confirmationOf,
  isBrowser,
  isConfirmed,
  newBrowserSecret,
} from './browser-cookie';

const secret = newBrowserSecret();

describe('the cookie of a browser', () => {
  it('belongs to this origin alone where it is https', () => {
    expect(browserCookie(secret, true)).toBe(
      `__Host-vitalbase_oauth=${secret}; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax; Secure`,
    );
    expect(browserSecretIn(`a=b; __Host-vitalbase_oauth=${secret}`, true)).toBe(secret);
    // One that a neighbour could have set.
    expect(browserSecretIn(`vitalbase_oauth=${secret}`, true)).toBeNull();
  });

  it('has a plain name where it is http', () => {
    expect(browserCookie(secret, false)).toBe(
      `vitalbase_oauth=${secret}; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax`,
    );
    expect(browserSecretIn(`vitalbase_oauth=${secret};other=1`, false)).toBe(secret);
  });

  it.each([
    undefined,
    '',
    'vitalbase_oauth',
    'vitalbase_oauth=',
    'vitalbase_oauth=short',
    `x_vitalbase_oauth=${secret}`,
  ])('is not in %p', (cookies) => {
    expect(browserSecretIn(cookies, false)).toBeNull();
  });

  it('is known by its hash', () => {
    const hash = browserHash(secret);
    expect(isBrowser(secret, hash)).toBe(true);
    expect(isBrowser(newBrowserSecret(), hash)).toBe(false);
    expect(isBrowser(null, hash)).toBe(false);
    expect(hash.toString('base64url')).not.toBe(secret);
  });

  it('confirms one request, in one browser', () => {
    const confirmation = confirmationOf(secret, 'request-1');
    expect(isConfirmed(secret, 'request-1', confirmation)).toBe(true);
    expect(isConfirmed(secret, 'request-2', confirmation)).toBe(false);
    expect(isConfirmed(newBrowserSecret(), 'request-1', confirmation)).toBe(false);
    expect(isConfirmed(secret, 'request-1', '')).toBe(false);
  });
});
