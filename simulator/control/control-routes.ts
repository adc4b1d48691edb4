import { BadInput, Exchange, isRecord, readJson } from '../http/exchange';
import { RateLimit } from '../http/rate-limiter';
import { empty, json, notFound, Reply } from '../http/reply';
import { RotationPolicy, STRICT } from '../oauth/rotation';
import { isScope, Scope, SCOPES } from '../oauth/scope';
import { isEnvelope } from '../options';
import { Control } from './control';
import { describePersona } from './describe-persona';
import { readFault } from './read-fault';
import { ControlInput } from './read-input';
import { readClockChange, readScenario } from './read-scenario';

type Handler = (exchange: Exchange, control: Control) => Reply;

const handlers: Record<string, Handler> = {
  'GET /__sim/health': (_, control) => json(200, { status: 'ok', now: control.now() }),
  'GET /__sim/personas': (_, control) =>
    json(200, { personas: control.personas.map((persona) => describePersona(persona, control)) }),
  'GET /__sim/truth': ({ query }, control) => {
    const [user, from] = [Number(query.get('user')), query.get('from') ?? ''];
    return json(200, { days: control.truth(user, from, query.get('to') ?? from) });
  },
  'GET /__sim/faults': (_, control) => json(200, { faults: control.faults() }),
  'POST /__sim/faults': (exchange, control) => {
    control.addFault(readFault(readJson(exchange)));
    return json(201, { faults: control.faults() });
  },
  'DELETE /__sim/faults': (_, control) => {
    control.clearFaults();
    return empty(204);
  },
  'POST /__sim/envelope': (exchange, control) => {
    const { envelope } = readJson(exchange);
    if (!isEnvelope(envelope)) throw new BadInput('envelope must be e1 or e2');
    control.setEnvelope(envelope);
    return json(200, { envelope });
  },
  'POST /__sim/noise': (exchange, control) => {
    const on = read(exchange, 'noise', ['on']).flag('on');
    if (on === undefined) throw new BadInput('on must be true or false');
    control.setNoise(on);
    return json(200, { on });
  },
  'POST /__sim/replay': (exchange, control) => json(200, { dates: control.replay(replayRequest(exchange)) }),
  'POST /__sim/clock': (exchange, control) =>
    json(200, { now: control.setClock(readClockChange(readJson(exchange))), speed: control.speed() }),
  'POST /__sim/skew': (exchange, control) => {
    const seconds = read(exchange, 'a skew', ['seconds']).requiredNumber('seconds', 'a number of seconds');
    control.setSkew(seconds);
    return json(200, { seconds });
  },
  'POST /__sim/rate-limit': (exchange, control) => {
    const limit = rateLimit(exchange);
    control.rateLimit(limit);
    return json(200, { limit });
  },
  'GET /__sim/scenarios': (_, control) => json(200, { scenarios: control.scenarios() }),
  'POST /__sim/scenarios': (exchange, control) =>
    json(200, { scenario: control.playScenario(readScenario(readJson(exchange))) }),
  'GET /__sim/requests': (_, control) => json(200, { requests: control.requests() }),
  'GET /__sim/requests/summary': ({ query }, control) => {
    const user = query.get('user');
    if (user !== null && !/^\d+$/.test(user)) throw new BadInput('user must be the number of a persona');
    return json(200, control.summary(user === null ? undefined : Number(user)));
  },
  'GET /__sim/ledger': ({ query }, control) => {
    const [user, since] = [query.get('user'), query.get('since')];
    if (user !== null && !/^\d+$/.test(user)) throw new BadInput('user must be the number of an account');
    return json(200, control.ledger(user === null ? undefined : Number(user), since ?? undefined));
  },
  'POST /__sim/rotation': (exchange, control) => {
    const rotation = readRotation(exchange);
    control.setRotation(rotation);
    return json(200, { rotation });
  },
  'POST /__sim/latency': (exchange, control) => {
    const input = read(exchange, 'a latency', ['route', 'ms', 'jitter_ms']);
    const ms = input.requiredNumber('ms', 'how long an answer takes, in milliseconds');
    const latency = { route: input.text('route') ?? '', ms, jitter_ms: input.number('jitter_ms') ?? 0 };
    return json(200, { latencies: control.setLatency(latency) });
  },
  'DELETE /__sim/requests': (_, control) => {
    control.clearRequests();
    return empty(204);
  },
  'POST /__sim/expire-tokens': (exchange, control) =>
    json(200, { expired: control.expireTokens(userOf(exchange)) }),
  'POST /__sim/revoke-user': (exchange, control) =>
    json(200, { revoked: control.revokeUser(userOf(exchange)) }),
  'POST /__sim/shrink-scopes': (exchange, control) => {
    const [user, scopes] = [userOf(exchange, ['scopes']), scopesOf(exchange)];
    control.shrinkScopes(user, scopes);
    return json(200, { user, scopes });
  },
  'POST /__sim/change-account': (exchange, control) => {
    const user = userOf(exchange, ['id']);
    const { id } = readJson(exchange);
    if (id !== null && typeof id !== 'number')
      throw new BadInput('id must be the number of another account, or null to go back to the own one');
    control.changeAccount(user, id);
    return json(200, { user, id });
  },
};

const scenarioPath = /^POST \/__sim\/scenarios\/([a-z0-9_]+)$/;

export function control(exchange: Exchange, control: Control): Reply {
  const call = `${exchange.method} ${exchange.path}`;
  const scenario = scenarioPath.exec(call)?.[1];
  if (scenario !== undefined) return json(200, { scenario: control.runScenario(scenario) });
  return Object.hasOwn(handlers, call) ? handlers[call](exchange, control) : notFound();
}

function read(exchange: Exchange, what: string, known: string[]): ControlInput {
  return new ControlInput(readJson(exchange), what, known);
}

function userOf(exchange: Exchange, others: string[] = []): number {
  return read(exchange, 'this request', ['user', ...others]).requiredNumber(
    'user',
    'the number of a persona',
  );
}

function scopesOf(exchange: Exchange): Scope[] {
  const { scopes } = readJson(exchange);
  const named: unknown[] = Array.isArray(scopes) ? scopes : [];
  const known = named.filter((scope): scope is Scope => typeof scope === 'string' && isScope(scope));
  if (!Array.isArray(scopes) || known.length < named.length)
    throw new BadInput(`scopes must be a list of some of ${Object.keys(SCOPES).join(', ')}`);
  return known;
}

function replayRequest(exchange: Exchange) {
  const input = read(exchange, 'a replay', ['dir', 'answers', 'user']);
  const answers = input.raw('answers');
  return {
    dir: input.text('dir'),
    answers: isRecord(answers) ? answers : undefined,
    user: input.number('user'),
  };
}

function readRotation(exchange: Exchange): RotationPolicy {
  const input = read(exchange, 'a rotation', ['policy', 'grace_seconds', 'revoke_family']);
  const policy = input.text('policy');
  if (policy !== 'strict' && policy !== 'grace') throw new BadInput('policy must be strict or grace');
  const { grace_seconds: usual } = STRICT;
  const grace = input.number('grace_seconds') ?? usual;
  return { policy, grace_seconds: grace, revoke_family: input.flag('revoke_family') ?? false };
}

function rateLimit(exchange: Exchange): RateLimit | null {
  const input = read(exchange, 'a rate limit', ['window_seconds', 'max', 'kind', 'retry_after', 'off']);
  if (input.flag('off') === true) return null;
  const kind = input.text('kind') ?? 'sliding';
  if (kind !== 'fixed' && kind !== 'sliding') throw new BadInput('kind must be fixed or sliding');
  return {
    window_seconds: input.requiredNumber('window_seconds', 'a number of seconds'),
    max: input.requiredNumber('max', 'how many requests a user may make in a window'),
    kind,
    retry_after: input.flag('retry_after') ?? true,
  };
}
