import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { control as controlRoute } from './control/control-routes';
import { Control, createControl } from './control/control';
import { spoil } from './faults';
import { BadInput, Exchange, readExchange } from './http/exchange';
import { json, notFound, Reply } from './http/reply';
import { addDays, isLocalDate } from './life/local-day';
import { DEFAULTS, SimulatorOptions } from './options';
import { Route, ROUTES, subjectOf } from './routes';
import { createWorld, World } from './world';

export interface RunningSimulator {
  url: string;
  port: number;
  control: Control;
  close(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const world = createWorld(options);
  const control = createControl(world);
  const server = createServer((request, response) => {
    serve(request, response, world, control).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, json(error instanceof BadInput ? 400 : 500, { error: messageOf(error) }));
    });
  });
  const host = options.host ?? DEFAULTS.host;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? DEFAULTS.port, host, resolve);
  });
  const port = portOf(server);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port, control, close };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  world: World,
  control: Control,
): Promise<void> {
  const exchange = await readExchange(request);
  if (exchange.path.startsWith('/__sim/')) return send(response, controlRoute(exchange, control));
  const route = ROUTES.find(
    ({ method, paths }) => method === exchange.method && paths.includes(exchange.path),
  );
  if (!route) {
    logRequest(world, 'unknown', exchange, { user: null, date: null }, 404, null);
    return send(response, notFound());
  }
  await serveRoute(route, exchange, response, world);
}

async function serveRoute(
  route: Route,
  exchange: Exchange,
  response: ServerResponse,
  world: World,
): Promise<void> {
  const subject = subjectOf(exchange, world);
  const fault = world.faults.take(route.name, subject);
  const asked = fault?.mode === 'other_day' ? dayBefore(exchange) : exchange;
  const answer = () => route.answer(asked, world);
  const reply = fault ? await spoil(fault, answer) : answer();
  logRequest(world, route.name, exchange, subject, reply?.status ?? null, fault?.mode ?? null);
  if (reply) send(response, reply);
  else if (fault?.mode === 'drop') response.socket?.destroy();
}

/** The answer of another day under the date that was asked for, as one client suspects the vendor of. */
function dayBefore(exchange: Exchange): Exchange {
  const date = exchange.query.get('date');
  if (date === null || !isLocalDate(date)) return exchange;
  return { ...exchange, query: new URLSearchParams({ date: addDays(date, -1) }) };
}

function logRequest(
  world: World,
  route: string,
  exchange: Exchange,
  subject: { user: number | null; date: string | null },
  status: number | null,
  fault: string | null,
): void {
  world.requests.add({
    route,
    method: exchange.method,
    ...subject,
    status,
    fault,
    at: new Date().toISOString(),
  });
}

function send(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(body.length) });
  response.end(body);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the simulator listens on no port');
  return address.port;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
