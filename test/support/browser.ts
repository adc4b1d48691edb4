import type { TestAnswer } from './send';

/** What a browser does with a server under test: sends back its cookies, and follows nothing by itself. */
export class Browser {
  readonly cookies = new Map<string, string>();

  /** @param server its address, which stands for the one that the server believes to have */
  constructor(private readonly server: string) {}

  /** @param address absolute, or a path of the server */
  get(address: string): Promise<TestAnswer> {
    return this.ask('GET', address);
  }

  /** As a form without fields is sent. */
  post(address: string): Promise<TestAnswer> {
    return this.ask('POST', address, { 'content-type': 'application/x-www-form-urlencoded' });
  }

  /** The form of a page: where its button leads, seen from the page. */
  static formOf(page: string, address: string): string {
    const [, action] = /<form method="post" action="([^"]+)">/.exec(page)!;
    const { pathname, search } = new URL(action.replaceAll('&amp;', '&'), new URL(address, 'http://page'));
    return `${pathname}${search}`;
  }

  private async ask(
    method: string,
    address: string,
    headers: Record<string, string> = {},
  ): Promise<TestAnswer> {
    const { pathname, search } = new URL(address, this.server);
    const answer = await fetch(`${this.server}${pathname}${search}`, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'text/html,application/xhtml+xml',
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
      },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      this.cookies.set(name, value);
    }
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  }
}
