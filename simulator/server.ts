import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { control as controlRoute } from './control/control-routes';
import { Control, createControl } from './control/control';
import { faultInHeader } from './control/fault-header';
import { Strike } from './faults/fault-board';
import { spoil } from './faults/spoil';
import { BadInput, Exchange, readExchange } from './http/exchange';
import { json, notFound, Reply } from './http/reply';
import { addDays, isLocalDate } from './life/local-day';
import { DEFAULTS, SimulatorOptions } from './options';
import { Answer, fingerprint } from './ledger/ledger';
import { Route, ROUTES, secretOf, Subject, subjectOf } from './routes';
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
      else
        void send(response, json(error instanceof BadInput ? 400 : 500, { error: messageOf(error) }), world);
    });
  });
  // Whoever shares this process may be busy for longer than Node's five seconds, and would then ask on a closed connection.
  server.keepAliveTimeout = 72_000;
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
  if (exchange.path.startsWith('/__sim/')) return send(response, controlRoute(exchange, control), world);
  const route = ROUTES.find(
    ({ method, paths }) => method === exchange.method && paths.includes(exchange.path),
  );
  if (!route) {
    const nobody = { user: null, date: null, grant_type: null };
    logRequest(world, 'unknown', exchange, { ...nobody, in_flight: 1 }, 404, null);
    return send(response, notFound(), world);
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
  const inFlight = world.requests.enter(subject.user);
  const entry = enterInLedger(route, exchange, subject, world);
  try {
    await world.latency.pass(route.name);
    const refused = route.limited ? world.limiter.refuse(subject.user) : null;
    const strike = refused
      ? null
      : (faultInHeader(exchange, route.name) ??
        world.faults.take(route.name, { ...subject, method: exchange.method }));
    const asked = strike?.fault.mode === 'other_day' ? dayBefore(exchange) : exchange;
    const answer = () => refused ?? route.answer(asked, world);
    const reply = strike ? await spoil(strike, answer) : answer();
    logRequest(
      world,
      route.name,
      exchange,
      { ...subject, in_flight: inFlight },
      reply?.status ?? null,
      strike,
    );
    Object.assign(entry, answerOf(reply, strike));
    response.once('finish', () => world.ledger.sent(entry));
    if (reply) await send(response, reply, world);
    else if (strike?.fault.mode === 'drop') response.socket?.destroy();
    else if (!response.closed) await once(response, 'close');
  } finally {
    world.requests.leave(subject.user);
  }
}

function enterInLedger({ name }: Route, exchange: Exchange, subject: Subject, { ledger }: World): Answer {
  const secret = secretOf(exchange);
  const token = secret === null ? null : fingerprint(secret);
  return ledger.asked({ route: name, method: exchange.method, ...subject, token });
}

function answerOf(reply: Reply | null, strike: Strike | null): Partial<Answer> {
  const fault = strike ? (strike.fault.shape ?? strike.fault.mode) : null;
  if (reply === null) return { fault };
  const body = Buffer.from(reply.body);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { status: reply.status, fault, sha256, bytes: body.length };
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
  subject: Subject & { in_flight: number },
  status: number | null,
  strike: Strike | null,
): void {
  world.requests.add({
    route,
    method: exchange.method,
    ...subject,
    status,
    fault: strike ? (strike.fault.shape ?? strike.fault.mode) : null,
    at: new Date().toISOString(),
  });
}

async function send(response: ServerResponse, reply: Reply, { skewSeconds }: World): Promise<void> {
  const body = Buffer.from(reply.body);
  const date = new Date(Date.now() + skewSeconds * 1000).toUTCString();
  response.writeHead(reply.status, { ...reply.headers, date, 'content-length': String(body.length) });
  if (reply.dripMs !== undefined) await drip(response, body, reply.dripMs);
  response.end(reply.dripMs === undefined ? body : undefined);
}

const drops = 20;

async function drip(response: ServerResponse, body: Buffer, ms: number): Promise<void> {
  const size = Math.max(1, Math.ceil(body.length / drops));
  for (let from = 0; from < body.length && !response.destroyed; from += size) {
    response.write(body.subarray(from, from + size));
    await delay(ms / drops, undefined, { ref: false });
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the simulator listens on no port');
  return address.port;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
