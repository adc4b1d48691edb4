import type { Locator, Page } from 'playwright-core';

export interface DocumentedOperation {
  /** Such as `GET /api/v1/users`. */
  name: string;
  /** Of its block on the page. */
  elementId: string;
  /** The code that the document names first for what goes well; of what there is not, the code that says so. */
  expected: number;
}

/** What is put into the fields in place of what the page has filled in. */
export interface Filling {
  parameters?: Record<string, string>;
  /** Fields of a form. */
  form?: Record<string, string>;
  /** Fields of the JSON body, beside those of the example. */
  body?: Record<string, unknown>;
}

export interface Executed {
  url: string;
  status: number;
  body: Record<string, unknown> & Record<string, never>[];
}

type Document = {
  paths: Record<string, Record<string, { operationId: string; tags: string[]; responses: object }>>;
};

const METHODS = new Set(['get', 'put', 'post', 'patch', 'delete']);

export const documented = ({ paths }: Document): DocumentedOperation[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, { operationId, tags, responses }]) => ({
        name: `${method.toUpperCase()} ${path}`,
        elementId: `operations-${tags[0].replaceAll(' ', '_')}-${operationId}`,
        expected: Number(
          Object.keys(responses).find((status) => /^[23]/.test(status)) ??
            Object.keys(responses).find((status) => ['501', '503'].includes(status)),
        ),
      })),
  );

/** Uses the API page as a person does. */
export class Operator {
  constructor(private readonly page: Page) {}

  /** By the form of the page for developers. */
  async signIn(email: string, password: string): Promise<void> {
    await this.page.click('button.authorize');
    const form = this.page.locator('.auth-container', { hasText: 'OAuth2, password' });
    await form.locator('#oauth_username').fill(email);
    await form.locator('#oauth_password').fill(password);
    await form.locator('button.authorize').click();
    await form.locator('button', { hasText: 'Logout' }).waitFor();
    await this.page.click('.btn-done');
  }

  async authorizeByKey(key: string): Promise<void> {
    await this.page.click('button.authorize');
    await this.page.locator('.auth-container input').first().fill(key);
    await this.page.locator('.auth-btn-wrapper button.authorize').first().click();
    await this.page.click('.btn-done');
  }

  /** Opens the operation, fills in what is given, presses "Execute" and closes it again. */
  async execute({ name, elementId }: DocumentedOperation, filling: Filling = {}): Promise<Executed> {
    const block = this.page.locator(`[id="${elementId}"]`);
    await block.locator('.opblock-summary-control').click();
    await block.locator('.btn.execute').waitFor();
    for (const [parameter, value] of Object.entries(filling.parameters ?? {}))
      await fill(block.locator(`tr[data-param-name="${parameter}"]`), value);
    for (const [field, value] of Object.entries(filling.form ?? {}))
      await fill(
        block.locator(`tr[data-property-name="${field}"], tr[data-param-name="${field}"]`).first(),
        value,
      );
    if (filling.body) {
      const text = block.locator('textarea.body-param__text');
      const example = JSON.parse((await text.inputValue()) || '{}') as object;
      await text.fill(JSON.stringify({ ...example, ...filling.body }));
    }
    const [method, path] = name.split(' ');
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    const [answer] = await Promise.all([
      this.page.waitForResponse(
        (response) =>
          response.request().method() === method && pattern.test(new URL(response.url()).pathname),
        { timeout: 20_000 },
      ),
      block.locator('.btn.execute').click(),
    ]);
    const text = await answer.text().catch(() => '');
    await block.locator('.opblock-summary-control').click();
    const isJson = answer.headers()['content-type']?.includes('json');
    return {
      url: answer.url(),
      status: answer.status(),
      body: (isJson ? JSON.parse(text) : {}) as Executed['body'],
    };
  }
}

async function fill(row: Locator, value: string): Promise<void> {
  const select = row.locator('select');
  if ((await select.count()) > 0) await select.first().selectOption(value);
  else await row.locator('input, textarea').first().fill(value);
}
