import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome']
  .map((name) => `/usr/bin/${name}`)
  .find((path) => existsSync(path));

/** What the browser complains of, and the address that it was about. */
export interface Problem {
  text: string;
  url: string;
}

/** The demo in a folder of its own, and its API page in a real browser. */
export class DemoPage {
  readonly problems: Problem[] = [];

  private constructor(
    readonly page: Page,
    /** What the demo leaves for a shell. */
    readonly variables: Record<string, string>,
    private readonly browser: Browser,
    private readonly demo: ChildProcess,
    private readonly directory: string,
  ) {}

  static async open(): Promise<DemoPage> {
    if (!CHROMIUM)
      throw new Error('There is no Chromium here: install it, such as by apt-get install chromium.');
    const directory = await mkdtemp(join(tmpdir(), 'vitalbase-docs-'));
    await chmod(directory, 0o755);
    const { demo, variables } = await startDemo(directory);
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      // Chromium's own sandbox does not work for root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    const page = await browser.newPage({ viewport: { width: 1_280, height: 1_000 } });
    const opened = new DemoPage(page, variables, browser, demo, directory);
    page.on('pageerror', ({ message }) => opened.problems.push({ text: message, url: page.url() }));
    page.on('console', (message) => {
      if (message.type() === 'error')
        opened.problems.push({ text: message.text(), url: message.location().url });
    });
    await page.goto(`${variables.VITALBASE_URL}/docs`);
    await page.waitForSelector('.opblock');
    return opened;
  }

  async close(): Promise<void> {
    await this.browser.close();
    if (this.demo.exitCode === null) {
      const ended = new Promise((resolve) => this.demo.once('exit', resolve));
      this.demo.kill('SIGTERM');
      await ended;
    }
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function startDemo(
  directory: string,
): Promise<{ demo: ChildProcess; variables: Record<string, string> }> {
  const program = join(__dirname, '..', '..', 'dist', 'scripts', 'demo.js');
  const demo = spawn(process.execPath, [program, '--port', '8600'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Serving until Ctrl-C')) resolve();
    };
    demo.stdout.on('data', read);
    demo.stderr.on('data', read);
    demo.once('exit', (code) => reject(new Error(`the demo ended with ${code}:\n${output}`)));
  });
  const text = readFileSync(join(directory, '.data', 'demo.env'), 'utf8');
  const lines = [...text.matchAll(/^export (\w+)='?([^'\n]*)'?$/gm)];
  return { demo, variables: Object.fromEntries(lines.map(([, name, value]) => [name, value])) };
}
