import { existsSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startSimulator, type RunningSimulator } from '../../simulator/server';
import { deleteEmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres';
import { startApp, type TestApp } from '../support/app';
import { listen } from '../support/listen';
import { simulatedBy } from '../support/vendor-connection';

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome']
  .map((name) => `/usr/bin/${name}`)
  .find((path) => existsSync(path));

/** As the portal does it: a page of another origin that holds no key, and a person who presses buttons. */
describe('a sign-in from a web page without a key', () => {
  let postgres: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
  let directory: string;
  let simulator: RunningSimulator;
  let server: TestApp;
  let portal: Server;
  let origin: string;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    if (!CHROMIUM)
      throw new Error('There is no Chromium here: install it, such as by apt-get install chromium.');
    directory = await mkdtemp(join(tmpdir(), 'vitalbase-sign-in-'));
    await chmod(directory, 0o755);
    postgres = await startEmbeddedPostgres({ directory, log: () => {}, durable: false });
    simulator = await startSimulator();
    portal = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end('<h1>Portal</h1>'),
    );
    origin = `http://localhost:${await listen(portal)}`;
    const port = await freePort();
    server = await startApp(
      {
        ...simulatedBy(simulator),
        DATABASE_URL: postgres.url,
        OAUTH_REDIRECT_ORIGINS: origin,
        OAUTH_PUBLIC_AUTHORIZE: 'true',
        ULTRAHUMAN_REDIRECT_URI: `http://localhost:${port}/api/v1/oauth/ultrahuman/callback`,
      },
      { port },
    );
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      // Chromium's own sandbox does not work for root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await simulator?.close();
    portal?.close();
    await postgres?.stop();
    if (directory) await deleteEmbeddedPostgres({ directory, log: () => {}, durable: false });
  });

  async function freePort(): Promise<number> {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  it('goes over the page of this server and of the provider, and back', async () => {
    const body = { first_name: 'Ada', last_name: 'Lovelace' };
    const { body: user } = await server.request('POST', '/api/v1/users', { body });
    await page.goto(`${origin}/users`);
    const address = await page.evaluate(
      async ([api, userId, app]) => {
        const done = encodeURIComponent(`${app}/users/${userId}/pair/success`);
        const answer = await fetch(
          `${api}/api/v1/oauth/ultrahuman/authorize?user_id=${userId}&redirect_uri=${done}`,
          {
            headers: { 'Content-Type': 'application/json' },
          },
        );
        return ((await answer.json()) as { authorization_url: string }).authorization_url;
      },
      [server.url, user.id, origin],
    );
    await page.goto(address);
    expect(await page.locator('main').innerText()).toContain('Ada Lovelace');
    expect(await page.locator('main').innerText()).toContain(new URL(origin).host);
    await page.getByRole('button', { name: 'Continue to Ultrahuman' }).click();
    await page.waitForURL(`${simulator.url}/authorise**`);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(`${origin}/users/${user.id}/pair/success`);
    const { body: connections } = await server.request('GET', `/api/v1/users/${user.id}/connections`);
    expect(connections).toMatchObject([{ status: 'active' }]);
    expect(problems.filter((problem) => !problem.includes('favicon'))).toEqual([]);
  });
});
