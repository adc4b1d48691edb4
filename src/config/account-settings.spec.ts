import { AccountSettings } from './account-settings';
import { mistakesIn, readSettings } from './settings';

const mistakes = (environment: Record<string, string>) => mistakesIn(AccountSettings, environment);

describe('the settings for developers', () => {
  it('need nothing', () => {
    expect(mistakes({})).toEqual([]);
    expect(readSettings(AccountSettings, {})).toMatchObject({ ACCESS_TOKEN_LIFETIME: '1h' });
  });

  const mail = { SMTP_URL: 'smtp://mail.example.com:587', MAIL_FROM: 'Vitalbase <no-reply@example.com>' };

  it.each([
    [mail, 'PORTAL_URL or PUBLIC_URL must be set where SMTP_URL is'],
    [
      { SMTP_URL: mail.SMTP_URL, PUBLIC_URL: 'https://api.example.com' },
      'MAIL_FROM must be set where SMTP_URL is',
    ],
    [
      { ...mail, SMTP_URL: 'mail.example.com', PUBLIC_URL: 'https://api.example.com' },
      'SMTP_URL must look like',
    ],
    [{ MAIL_FROM: 'a@example.com\r\nBcc: b@example.com' }, 'MAIL_FROM must be an address'],
    [{ PORTAL_URL: 'portal.example.com' }, 'PORTAL_URL must be an address such as'],
    [{ PUBLIC_URL: 'https://api.example.com/?x=1' }, 'PUBLIC_URL must be an address such as'],
    [{ ACCESS_TOKEN_LIFETIME: '90' }, 'ACCESS_TOKEN_LIFETIME must be a number and m or h'],
  ])('refuse %j', (environment, mistake) => {
    expect(mistakes(environment)).toEqual([expect.stringContaining(mistake)]);
  });

  it('take a mail server with an address for the links', () => {
    expect(mistakes({ ...mail, PORTAL_URL: 'https://portal.example.com' })).toEqual([]);
  });

  it.each([
    '*',
    'app.example.com',
    'http://app.example.com',
    'https://app.example.com/path',
    'https://*.example.com',
  ])('take no %s for an origin of browsers', (origin) => {
    expect(mistakes({ CORS_ORIGINS: `https://good.example.com,${origin}` })).toEqual([
      expect.stringContaining('CORS_ORIGINS must list origins'),
    ]);
  });

  it('read origins as browsers send them', () => {
    const { CORS_ORIGINS } = readSettings(AccountSettings, {
      CORS_ORIGINS: 'https://App.Example.com:443, http://localhost:3000',
    });
    expect(CORS_ORIGINS).toEqual(['https://app.example.com', 'http://localhost:3000']);
  });
});
