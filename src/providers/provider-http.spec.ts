import {
  createServer as createHttpServer,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request } from 'node:https';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Logger } from '@nestjs/common';
import { listen } from '../../test/support/listen';
import { accessBy, scriptedDefinition } from '../../test/support/scripted-provider';
import { openVendorHttp, type VendorHttp } from '../../test/support/vendor-http';
import { keepAliveAgents } from './keep-alive-agents';
import type { ProviderCall, ProviderHttp } from './provider-http';
import { ProviderAnswerLost, ProviderUnavailable } from './provider-errors';

let server: Server | TcpServer | undefined;
let gateway: VendorHttp;
let http: ProviderHttp;
const lines: unknown[] = [];

beforeEach(async () => {
  gateway = await openVendorHttp();
  http = gateway.http;
  lines.length = 0;
  for (const level of ['log', 'warn'] as const)
    jest.spyOn(Logger.prototype, level).mockImplementation((...said: unknown[]) => {
      lines.push(said[0]);
    });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await gateway.close();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = undefined;
});

async function vendor(listener: RequestListener): Promise<ProviderCall> {
  server = createHttpServer(listener);
  const port = await listen(server);
  return {
    provider: scriptedDefinition('http://vendor.invalid', { slug: 'oak' }),
    operation: 'metrics',
    caller: accessBy('token'),
    method: 'GET',
    url: `http://127.0.0.1:${port}/day?date=2026-03-07`,
  };
}

const fail = () => {
  throw new Error('should have failed');
};

describe('ProviderHttp', () => {
  it('hands over status, headers and the body as received, whatever the status', async () => {
    const call = await vendor((_request, response) =>
      response.writeHead(418, { 'X-Vendor': 'tea', 'content-type': 'application/json' }).end('{"a": 1}'),
    );
    const answer = await http.request(call);
    expect(answer.status).toBe(418);
    expect(answer.headers['x-vendor']).toBe('tea');
    expect(answer.body.toString()).toBe('{"a": 1}');
  });

  it('sends a form as it is', async () => {
    let received = '';
    const call = await vendor((request, response) => {
      request.on('data', (chunk: Buffer) => (received += chunk.toString()));
      request.on('end', () => response.end());
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await http.request({ ...call, method: 'POST', headers, body: 'a=1&b=%2F' });
    expect(received).toBe('a=1&b=%2F');
  });

  it('uses one connection for calls one after another', async () => {
    const ports = new Set<number | undefined>();
    const call = await vendor((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    for (let count = 0; count < 3; count += 1) await http.request(call);
    expect(ports.size).toBe(1);
  });

  it('does not follow redirects', async () => {
    const call = await vendor((_request, response) => response.writeHead(302, { location: '/other' }).end());
    await expect(http.request(call)).resolves.toMatchObject({ status: 302 });
  });

  it('gives up a call that takes too long, also while the body drips in', async () => {
    const call = await vendor((_request, response) => {
      response.writeHead(200).write('{');
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    const given = http.request({ ...call, timeoutMs: 150 });
    await expect(given).rejects.toThrow('oak metrics: no answer within 150 ms');
    await expect(given).rejects.toBeInstanceOf(ProviderUnavailable);
  });

  it('takes no more than the cap, also of what unpacks to more', async () => {
    const call = await vendor((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000))),
    );
    await expect(http.request({ ...call, maxBytes: 4_096 })).rejects.toThrow(
      'oak metrics: an answer over 4096 bytes',
    );
    await expect(http.request(call)).resolves.toMatchObject({ status: 200 });
  });

  it('knows a broken connection', async () => {
    const call = await vendor((_request, response) => response.destroy());
    await expect(http.request(call)).rejects.toBeInstanceOf(ProviderUnavailable);
  });

  describe('that the vendor has done what was asked', () => {
    it('says when the whole request is out, before anything is answered', async () => {
      const order: string[] = [];
      const call = await vendor((_request, response) => {
        setTimeout(() => response.end(() => order.push('answered')), 50);
      });
      await http.request({ ...call, method: 'POST', body: 'a=1', onSent: () => order.push('sent') });
      expect(order).toEqual(['sent', 'answered']);
    });

    it.each([
      ['it breaks the connection', (response: ServerResponse) => response.destroy()],
      ['it does not answer in time', () => {}],
      [
        'its answer breaks off',
        (response: ServerResponse) => response.write('{"a":', () => response.destroy()),
      ],
      ['its answer is too long', (response: ServerResponse) => response.end(Buffer.alloc(9_000))],
    ])('may be, where %s', async (_what, act) => {
      const call = await vendor((_request, response) => void act(response));
      const given = http.request({ ...call, timeoutMs: 200, maxBytes: 8_000 });
      await expect(given).rejects.toBeInstanceOf(ProviderAnswerLost);
    });

    it('cannot be, where nobody listens', async () => {
      const call = await vendor(() => {});
      await new Promise((resolve) => server!.close(resolve));
      const error = await http.request(call).then(fail, (reason: Error) => reason);
      expect(error).toBeInstanceOf(ProviderUnavailable);
      expect(error).not.toBeInstanceOf(ProviderAnswerLost);
    });

    it('cannot be, where the connection never came up', async () => {
      const call = await vendor(() => {});
      await new Promise((resolve) => server!.close(resolve));
      server = createTcpServer((socket) => void socket.on('error', () => socket.destroy()).resume());
      const url = `https://127.0.0.1:${await listen(server)}/`;
      const error = await http
        .request({ ...call, url, timeoutMs: 200 })
        .then(fail, (reason: Error) => reason);
      expect(error).toBeInstanceOf(ProviderUnavailable);
      expect(error).not.toBeInstanceOf(ProviderAnswerLost);
    });
  });

  it('says nothing of query, token and body in logs and errors', async () => {
    const call = await vendor((request, response) =>
      request.url?.includes('broken') ? response.destroy() : response.end('{"secret":"in-the-body"}'),
    );
    const headers = { authorization: 'Bearer secret-token' };
    await http.request({ ...call, headers, method: 'POST', body: 'refresh_token=secret-refresh' });
    const broken = { ...call, headers, url: `${call.url}&broken=secret-query` };
    const error = await http.request(broken).then(fail, (reason: Error) => reason);
    expect(lines).toEqual([
      {
        msg: 'provider call',
        provider: 'oak',
        operation: 'metrics',
        waited_ms: expect.any(Number),
        status: 200,
        ms: expect.any(Number),
        bytes: 24,
      },
      expect.objectContaining({ status: null, bytes: 0, error: 'no answer (ECONNRESET)' }),
    ]);
    const said = JSON.stringify([lines, error, String(error), Object.entries(error)]);
    expect(said).not.toMatch(/secret|2026-03-07/);
    expect(error.cause).toBeUndefined();
  });
});

describe('keepAliveAgents', () => {
  it('gives up a connection that does not come up', async () => {
    // Takes the connection and never says a word of TLS.
    server = createTcpServer((socket) => void socket.on('error', () => socket.destroy()).resume());
    const port = await listen(server);
    const { httpsAgent } = keepAliveAgents(120);
    const failed = new Promise((resolve) => {
      request({ host: '127.0.0.1', port, agent: httpsAgent }).on('error', resolve).end();
    });
    await expect(failed).resolves.toMatchObject({ code: 'ECONNTIMEOUT' });
  });
});
