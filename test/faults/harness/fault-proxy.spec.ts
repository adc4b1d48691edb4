import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '../../support/listen';
import { FaultProxy } from './fault-proxy';

/** Answers every line with `echo` lines of ten bytes. */
function answering(echo: number): Server {
  return createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write('ten bytes\n'.repeat(echo)));
  });
}

describe('the fault proxy', () => {
  let upstream: Server;
  let proxy: FaultProxy;

  beforeEach(async () => {
    upstream = answering(3);
    proxy = await FaultProxy.start({ host: '127.0.0.1', port: await listen(upstream) }, () => 0.5);
  });
  afterEach(async () => {
    await proxy.close();
    await new Promise((closed) => upstream.close(closed));
  });

  const open = async (): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port: proxy.port });
    await once(socket, 'connect');
    return socket;
  };
  /** @returns what came until the connection was quiet for a while or broke, and how it broke */
  const ask = async (socket: Socket, quietMs = 60) => {
    let [text, broken] = ['', ''];
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => (broken = error.code ?? error.message));
    socket.write('?\n');
    await sleep(quietMs);
    return { text, broken };
  };

  it('lets everything through in fair weather, and an end too', async () => {
    const socket = await open();
    expect(await ask(socket)).toEqual({ text: 'ten bytes\n'.repeat(3), broken: '' });
    expect(proxy.connections).toBe(1);
    socket.end();
    await once(socket, 'close');
    await sleep(20);
    expect(proxy.connections).toBe(0);
  });

  it('takes its time each way, and keeps the order', async () => {
    proxy.set({ latencyMs: 40, jitterMs: 30 });
    const socket = await open();
    const began = performance.now();
    socket.write('?\n');
    await once(socket, 'data');
    expect(performance.now() - began).toBeGreaterThan(75);
    socket.destroy();
  });

  it('cuts an answer off after so many bytes, and is whole again afterwards', async () => {
    const kept = await open();
    await ask(kept);
    proxy.set({ truncateAfter: 14 });
    expect(await ask(kept)).toEqual({ text: 'ten bytes\nten ', broken: 'ECONNRESET' });
    proxy.set({});
    const socket = await open();
    expect((await ask(socket)).text).toHaveLength(30);
    socket.destroy();
  });

  it('swallows everything while there is a black hole, and delivers it after', async () => {
    const socket = await open();
    proxy.set({ blackHole: true });
    expect(await ask(socket)).toEqual({ text: '', broken: '' });
    proxy.set({});
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain('ten bytes');
    socket.destroy();
  });

  it('resets every connection at once, and new ones while it is down', async () => {
    const socket = await open();
    const broken = once(socket, 'error');
    await sleep(20);
    proxy.set({ down: true });
    proxy.reset();
    expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
    const late = connect({ host: '127.0.0.1', port: proxy.port });
    expect((await once(late, 'error'))[0]).toMatchObject({ code: 'ECONNRESET' });
    proxy.set({});
    const next = await open();
    expect((await ask(next)).text).toHaveLength(30);
    next.destroy();
  });

  it('breaks the connection of a client whose server is gone', async () => {
    const accepted = once(upstream, 'connection');
    const socket = await open();
    const [server]: Socket[] = await accepted;
    const broken = once(socket, 'error');
    server.resetAndDestroy();
    expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
    await sleep(20);
    expect(proxy.connections).toBe(0);
  });
});
