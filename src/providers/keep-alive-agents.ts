import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

const CONNECT_TIMEOUT_MS = 5_000;

export interface KeepAliveAgents {
  httpAgent: HttpAgent;
  httpsAgent: HttpsAgent;
}

/** Connections are kept for the next call; one that is not up in time is given up. */
export function keepAliveAgents(connectTimeoutMs = CONNECT_TIMEOUT_MS): KeepAliveAgents {
  return {
    httpAgent: limitConnect(new HttpAgent({ keepAlive: true }), 'connect', connectTimeoutMs),
    httpsAgent: limitConnect(new HttpsAgent({ keepAlive: true }), 'secureConnect', connectTimeoutMs),
  };
}

/** Node's own `timeout` of an agent counts idle time of a socket and does not end a connect that hangs. */
function limitConnect<T extends HttpAgent>(agent: T, connected: string, timeoutMs: number): T {
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = createConnection(options, callback);
    if (!socket) return socket;
    const timer = setTimeout(
      () => socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ECONNTIMEOUT' })),
      timeoutMs,
    );
    const stop = () => clearTimeout(timer);
    socket.once(connected, stop).once('close', stop);
    return socket;
  };
  return agent;
}
