import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is started with. */
export interface PageServer {
  port: number;
  key: string;
}

/** So many requests in all, each client sending its next one when it has the answer to the last. */
export interface PageLoad {
  path: string;
  clients: number;
  requests: number;
}

/** Of each request, ms; or why there are none. */
export type PageTimes = number[] | { failure: string };

const HEAD_END = '\r\n\r\n';

/** @throws Error when an answer is not a 200 */
async function measure({ port, key }: PageServer, load: PageLoad): Promise<number[]> {
  const request = `GET ${load.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: ${key}\r\n\r\n`;
  const times: number[] = [];
  let left = load.requests;
  const sockets = await Promise.all(Array.from({ length: load.clients }, () => opened(port)));
  await Promise.all(
    sockets.map(async (socket) => {
      while (left-- > 0) {
        const started = performance.now();
        socket.write(request);
        await wholeAnswer(socket);
        times.push(performance.now() - started);
      }
    }),
  );
  for (const socket of sockets) socket.destroy();
  return times;
}

function opened(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  return new Promise((resolve, reject) =>
    socket.once('connect', () => resolve(socket)).once('error', reject),
  );
}

/** Counts bytes and reads nothing: the clients share the machine with the server they measure. */
function wholeAnswer(socket: Socket): Promise<void> {
  let missing = Infinity;
  return new Promise((resolve, reject) => {
    socket.on('data', function take(bytes: Buffer) {
      if (missing === Infinity) {
        const end = bytes.indexOf(HEAD_END);
        const head = bytes.toString('latin1', 0, end);
        if (end === -1 || !head.startsWith('HTTP/1.1 200')) return reject(new Error(bytes.toString()));
        missing = end + HEAD_END.length + Number(/content-length: (\d+)/i.exec(head)?.[1]);
      }
      missing -= bytes.length;
      if (missing > 0) return;
      socket.off('data', take);
      resolve();
    });
  });
}

parentPort!.on('message', (load: PageLoad) => {
  void measure(workerData as PageServer, load)
    .catch((error: unknown): PageTimes => ({ failure: String(error) }))
    .then((times) => parentPort!.postMessage(times));
});
