import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface VendorRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  authorization: string | undefined;
}

/** What the vendor does with one request: answers, or does whatever the function does with the socket. */
export type VendorAnswer =
  | { status: number; body: unknown; contentType?: string }
  | ((request: VendorRequest, response: ServerResponse) => void | Promise<void>);

/** A vendor on a port of its own that does as it is told and remembers what it was asked. */
export class ScriptedVendor {
  readonly requests: VendorRequest[] = [];
  private readonly answers = new Map<string, VendorAnswer>();
  private readonly server = createServer((request, response) => void this.serve(request, response));

  static async start(): Promise<ScriptedVendor> {
    const vendor = new ScriptedVendor();
    await new Promise<void>((resolve) => vendor.server.listen(0, '127.0.0.1', resolve));
    return vendor;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The vendor listens on no port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** From now on. */
  answer(path: string, answer: VendorAnswer): void {
    this.answers.set(path, answer);
  }

  /** Forgets the requests, not the answers. */
  forget(): void {
    this.requests.length = 0;
  }

  requestsTo(path: string): VendorRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url!, 'http://vendor');
    const request = {
      method: incoming.method!,
      path: url.pathname,
      query: url.searchParams,
      form: new URLSearchParams(await bodyOf(incoming)),
      authorization: incoming.headers.authorization,
    };
    this.requests.push(request);
    const answer = this.answers.get(url.pathname) ?? { status: 404, body: {} };
    if (typeof answer === 'function') await answer(request, response);
    else sendAnswer(response, answer);
  }
}

export function sendAnswer(
  response: ServerResponse,
  { status, body, contentType = 'application/json' }: Exclude<VendorAnswer, (...parts: never[]) => unknown>,
): void {
  response.writeHead(status, { 'content-type': contentType });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
