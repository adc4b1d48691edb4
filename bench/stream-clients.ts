import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is started with. */
export interface StreamClients {
  port: number;
  key: string;
  /** One stream for each. */
  userIds: string[];
}

/** Which event came when, ms since 1970. */
export type Arrivals = [event: number, at: number][];

const AT_ONCE = 50;

const arrivals: Arrivals = [];

function open({ port, key }: StreamClients, userId: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  socket.write(
    `GET /api/v1/users/${userId}/sync/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: ${key}\r\n\r\n`,
  );
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('a stream has ended')));
    socket.on('data', (text: string) => {
      if (text.includes(': connected')) resolve(socket);
      const at = performance.timeOrigin + performance.now();
      for (const [, event] of text.matchAll(/"message":"event (\d+)"/g)) arrivals.push([Number(event), at]);
    });
  });
}

async function main(clients: StreamClients): Promise<void> {
  const sockets: Socket[] = [];
  for (let first = 0; first < clients.userIds.length; first += AT_ONCE) {
    const some = clients.userIds.slice(first, first + AT_ONCE);
    sockets.push(...(await Promise.all(some.map((userId) => open(clients, userId)))));
  }
  parentPort!.postMessage([] satisfies Arrivals);
  parentPort!.once('message', () => {
    for (const socket of sockets) socket.destroy();
    parentPort!.postMessage(arrivals);
  });
}

void main(workerData);
