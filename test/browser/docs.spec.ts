import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome']
  .map((name) => `/usr/bin/${name}`)
  .find((path) => existsSync(path));

/** What must be filled in is found in the answer of the route beside it. */
const ID_OF_AN_ANSWER = /\{(run_id|sleep_id|replay_id)\}/;
const NOT_FOR_PEOPLE = [
  // Its answer is a redirect, which the page follows, and its parameters come from a vendor.
  '/api/v1/oauth/{provider}/callback',
  // Its answer has no end.
  '/api/v1/users/{user_id}/sync/stream',
];

/** An operator's page, used the way an operator does: the demo's own server and a real browser. */
describe('the API page of the demo', () => {
  let directory: string;
  let demo: ChildProcess;
  let browser: Browser;
  let page: Page;
  let key: string;
  const problems: string[] = [];

  beforeAll(async () => {
    if (!CHROMIUM)
      throw new Error('There is no Chromium here: install it, such as by apt-get install chromium.');
    directory = await mkdtemp(join(tmpdir(), 'vitalbase-docs-'));
    await chmod(directory, 0o755);
    const variables = await startDemo();
    key = variables.VITALBASE_KEY;
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      // Chromium's own sandbox does not work for root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(`${variables.VITALBASE_URL}/docs`);
    await page.waitForSelector('.opblock');
  });

  afterAll(async () => {
    await browser?.close();
    if (demo?.exitCode === null) {
      const ended = new Promise((resolve) => demo.once('exit', resolve));
      demo.kill('SIGTERM');
      await ended;
    }
    if (directory) await rm(directory, { recursive: true, force: true });
  });

  /** @returns the variables that the demo leaves for a shell, once it serves */
  async function startDemo(): Promise<Record<string, string>> {
    const program = join(__dirname, '..', '..', 'dist', 'scripts', 'demo.js');
    demo = spawn(process.execPath, [program, '--port', '8600'], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('Serving until Ctrl-C')) resolve();
      };
      demo.stdout!.on('data', read);
      demo.stderr!.on('data', read);
      demo.once('exit', (code) => reject(new Error(`the demo ended with ${code}:\n${output}`)));
    });
    const text = readFileSync(join(directory, '.data', 'demo.env'), 'utf8');
    return Object.fromEntries(
      [...text.matchAll(/^export (\w+)='?([^'\n]*)'?$/gm)].map(([, name, value]) => [name, value]),
    );
  }

  it('keeps the key over a reload', async () => {
    await page.click('button.authorize');
    await page.locator('.auth-container input').first().fill(key);
    await page.locator('.auth-btn-wrapper button.authorize').first().click();
    await page.click('.btn-done');
    await page.reload();
    await page.waitForSelector('.opblock');
    const locked = page.locator('.opblock .authorization__btn[aria-label$=" locked"]');
    await locked.first().waitFor();
    expect(await locked.count()).toBeGreaterThan(10);
  });

  it('answers every reading operation as it is filled in', async () => {
    const answers: [string, string][] = [];
    const operations = page.locator('.opblock-get');
    for (let i = 0; i < (await operations.count()); i++) {
      const operation = operations.nth(i);
      const path = (await operation.locator('.opblock-summary-path').getAttribute('data-path'))!;
      if (NOT_FOR_PEOPLE.includes(path) || ID_OF_AN_ANSWER.test(path)) continue;
      await operation.locator('.opblock-summary-control').click();
      await operation.locator('.btn.execute').click();
      const status = operation.locator('.live-responses-table .response-col_status');
      answers.push([path, (await status.last().innerText()).trim().slice(0, 3)]);
      await operation.locator('.opblock-summary-control').click();
    }
    expect(answers.length).toBeGreaterThan(15);
    expect(answers.filter(([, status]) => status !== '200')).toEqual([]);
  });

  it('breaks no rule of its own content security policy', () => {
    expect(problems).toEqual([]);
  });
});
