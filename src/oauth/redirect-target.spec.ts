import { RedirectTargets, withQuery } from './redirect-target';

const targets = new RedirectTargets([
  'https://app.example.com',
  'http://localhost:3000',
  'https://[2001:db8::7]:8443',
]);

describe(RedirectTargets.name, () => {
  it.each([
    'https://app.example.com/',
    'https://app.example.com/users/7/done?provider=x&next=%2Fhome#tab',
    'http://localhost:3000/done',
    'https://[2001:db8::7]:8443/done',
  ])('takes %s as it is', (url) => {
    expect(targets.check(url)).toBe(url);
  });

  it.each([
    'https://app.example.com.evil.test/',
    'https://evil.test/https://app.example.com',
    'https://evil.test/?https://app.example.com',
    'https://app.example.com@evil.test/',
    'https://app.example.com:8443/',
    'https://sub.app.example.com/',
    'http://app.example.com/',
    'http://localhost:3001/',
    'https://localhost:3000/',
    'http://127.0.0.1:3000/',
    'http://localhost.evil.test:3000/',
    'https://user:secret@app.example.com/',
    'https://user@app.example.com/',
    '//app.example.com/',
    '/\\evil.test',
    'https:/\\evil.test\\@app.example.com/',
    'javascript:alert(1)//https://app.example.com',
    'data:text/html,hello',
    'file:///etc/passwd',
    'ftp://app.example.com/',
    'blob:https://app.example.com/0',
    'done',
    '',
    ' ',
  ])('refuses %p', (url) => {
    expect(() => targets.check(url)).toThrow('redirect_uri');
  });

  it('says what to configure', () => {
    expect(() => targets.check('https://other.example.com/done?token=1')).toThrow(
      'redirect_uri leads to https://other.example.com, which is not allowed. Add it to OAUTH_REDIRECT_ORIGINS',
    );
  });

  it('gives one reading of what parsers read differently', () => {
    expect(targets.check('https:\\\\app.example.com\\done\n')).toBe('https://app.example.com/done');
    expect(targets.check('HTTPS://APP.EXAMPLE.COM:443/ä')).toBe('https://app.example.com/%C3%A4');
  });

  it.each(['app.example.com', 'https://app.example.com/path', 'http://app.example.com', '*', 'null'])(
    'does not start with %p in OAUTH_REDIRECT_ORIGINS',
    (entry) => {
      expect(() => new RedirectTargets([entry])).toThrow(`OAUTH_REDIRECT_ORIGINS: '${entry}'`);
    },
  );
});

describe(withQuery.name, () => {
  it.each([
    ['/page', '/page?error=no&why=a+b%26c'],
    ['https://a.test/p?x=%20y', 'https://a.test/p?x=%20y&error=no&why=a+b%26c'],
    ['https://a.test/p?x=1#at', 'https://a.test/p?x=1&error=no&why=a+b%26c#at'],
    ['https://a.test/p#at?x', 'https://a.test/p?error=no&why=a+b%26c#at?x'],
  ])('adds to %s', (target, expected) => {
    expect(withQuery(target, { error: 'no', why: 'a b&c' })).toBe(expected);
  });
});
