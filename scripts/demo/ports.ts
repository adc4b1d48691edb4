import { createServer } from 'node:net';

const ATTEMPTS = 50;

/** The first free port of 127.0.0.1 from `wanted` on. @param taken is told of each port that is stepped around */
export async function freePort(wanted: number, taken: (port: number) => void): Promise<number> {
  for (let port = wanted; port < Math.min(wanted + ATTEMPTS, 65_536); port++) {
    if (await isFree(port)) return port;
    taken(port);
  }
  throw new Error(`No port from ${wanted} on is free; choose another with --port`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((listening, failed) => {
      server.once('error', failed).listen(port, '127.0.0.1', listening);
    });
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
