import type { TestApp } from './app';
import type { TestAnswer } from './send';
import { startApp } from './app';
import { scriptedProvider } from './scripted-provider';
import { ScriptedVendor, type VendorAnswer } from './scripted-vendor';

export const APP_ORIGIN = 'https://app.example.com';
/** Where the client app wants its user back. */
export const REDIRECT_URI = `${APP_ORIGIN}/users/7/done?tab=rings&note=a%20b`;

type Query = Record<string, string | undefined>;

/**
 * A server with three scripted providers on one vendor: `scripted`; `strict`, with PKCE and Basic client
 * authentication; and `unconfigured`, without credentials.
 */
export class OAuthFlow {
  private accounts = 4_000;

  private constructor(
    readonly server: TestApp,
    readonly vendor: ScriptedVendor,
  ) {}

  static async start(): Promise<OAuthFlow> {
    const vendor = await ScriptedVendor.start();
    const providers = [
      scriptedProvider(vendor.url, { oauth: { revokeUrl: `${vendor.url}/revoke` } }),
      scriptedProvider(vendor.url, {
        slug: 'strict',
        oauth: { pkce: true, clientAuthentication: 'basic', scopeSeparator: ',' },
      }),
      scriptedProvider(vendor.url, { slug: 'unconfigured', credentials: null }),
    ];
    try {
      const server = await startApp(
        { OAUTH_REDIRECT_ORIGINS: `${APP_ORIGIN}, http://localhost:3000` },
        { providers },
      );
      return new OAuthFlow(server, vendor);
    } catch (error) {
      await vendor.close();
      throw error;
    }
  }

  /** On the same database, for changes that the first one is not to see. */
  secondServer(): Promise<TestApp> {
    const providers = [scriptedProvider(this.vendor.url)];
    return startApp({ DATABASE_URL: this.server.databaseUrl }, { providers });
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.vendor.close();
  }

  /** The vendor works, and everybody who signs in there is somebody new. */
  async reset(): Promise<void> {
    this.vendor.forget();
    await this.server.sql('TRUNCATE vendor_budget, vendor_block');
    this.vendor.answer('/token', {
      status: 200,
      body: {
        access_token: 'plain-access',
        refresh_token: 'plain-refresh',
        expires_in: 86_400,
        scope: 'pulse',
        token_type: 'Bearer',
      },
    });
    this.vendor.answer('/revoke', { status: 200, body: {} });
    this.vendor.answer('/account', (_request, response) => {
      response.end(JSON.stringify({ id: `account-${(this.accounts += 7)}`, name: 'ada@example.com' }));
    });
  }

  /** From now on everybody who signs in is this one. */
  signInAs(id: string): void {
    this.vendor.answer('/account', {
      status: 200,
      body: { id, name: 'ada@example.com' },
    } satisfies VendorAnswer);
  }

  async createUser(): Promise<string> {
    return (await this.server.request('POST', '/api/v1/users', { body: {} })).body.id;
  }

  authorize(query: Query, provider = 'scripted'): Promise<TestAnswer> {
    return this.server.request('GET', `/api/v1/oauth/${provider}/authorize?${search(query)}`);
  }

  /** @returns the state of a new flow */
  async begin(userId: string, redirectUri?: string, provider?: string): Promise<string> {
    return (await this.authorize({ user_id: userId, redirect_uri: redirectUri }, provider)).body.state;
  }

  callback(query: Query, provider = 'scripted'): Promise<TestAnswer> {
    const path = `/api/v1/oauth/${provider}/callback?${search(query)}`;
    return this.server.request('GET', path, { key: null });
  }

  /** A whole flow. @returns where the browser ended */
  async connect(userId: string): Promise<string> {
    const { headers } = await this.callback({ state: await this.begin(userId), code: 'a-code' });
    return headers.get('location')!;
  }

  /** The user's connections, oldest first, and whether there are tokens for them. */
  connectionsOf(userId: string): Promise<Record<string, unknown>[]> {
    return this.server.sql(
      `SELECT c.id, c.status, k.connection_id IS NOT NULL AS has_tokens
         FROM connection c LEFT JOIN credential k ON k.user_id = c.user_id AND k.connection_id = c.id
        WHERE c.user_id = $1 ORDER BY c.created_at`,
      [userId],
    );
  }

  /** Rows that a flow made for the user; a failed one makes none. */
  async rowsOf(userId: string): Promise<unknown[]> {
    const rows = ['connection', 'credential', 'data_source'].map((table) =>
      this.server.sql(`SELECT * FROM ${table} WHERE user_id = $1`, [userId]),
    );
    return (await Promise.all(rows)).flat();
  }
}

/** Where the browser is sent, taken apart. */
export function endOf({ status, headers }: TestAnswer) {
  const url = new URL(headers.get('location') ?? 'missing:location');
  return { status, page: `${url.origin}${url.pathname}`, query: Object.fromEntries(url.searchParams) };
}

/** `endOf` a flow that comes back to `REDIRECT_URI` with this error. */
export const backWith = (error: string) => ({
  status: 303,
  page: `${APP_ORIGIN}/users/7/done`,
  query: { tab: 'rings', note: 'a b', error, error_description: expect.stringMatching(/.{8}/) },
});

function search(query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}
