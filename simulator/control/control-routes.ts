import { BadInput, Exchange, isRecord, readJson } from '../http/exchange';
import { empty, json, notFound, Reply } from '../http/reply';
import { isEnvelope } from '../options';
import { Control } from './control';
import { readFault } from './read-fault';

type Handler = (exchange: Exchange, control: Control) => Reply;

const handlers: Record<string, Handler> = {
  'GET /__sim/health': (_, control) => json(200, { status: 'ok', now: control.now() }),
  'GET /__sim/personas': (_, control) => json(200, { personas: control.personas.map(describe) }),
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
  'POST /__sim/replay': (exchange, control) => json(200, { dates: control.replay(replayRequest(exchange)) }),
  'POST /__sim/clock': (exchange, control) => json(200, { now: control.setClock(clockChange(exchange)) }),
  'GET /__sim/requests': (_, control) => json(200, { requests: control.requests() }),
  'DELETE /__sim/requests': (_, control) => {
    control.clearRequests();
    return empty(204);
  },
  'POST /__sim/expire-tokens': (exchange, control) =>
    json(200, { expired: control.expireTokens(userOf(exchange)) }),
  'POST /__sim/revoke-user': (exchange, control) =>
    json(200, { revoked: control.revokeUser(userOf(exchange)) }),
};

export function control(exchange: Exchange, control: Control): Reply {
  const handler = handlers[`${exchange.method} ${exchange.path}`];
  return handler ? handler(exchange, control) : notFound();
}

function describe({
  id,
  firstName,
  lastName,
  timeZone,
  summary,
  memberSince,
  glucose,
}: Control['personas'][number]) {
  const name = `${firstName} ${lastName}`;
  return { id, name, time_zone: timeZone, summary, member_since: memberSince, cgm: glucose !== null };
}

function userOf(exchange: Exchange): number {
  const { user } = readJson(exchange);
  if (typeof user !== 'number') throw new BadInput('user must be the number of a persona');
  return user;
}

function replayRequest(exchange: Exchange) {
  const { dir, answers, user } = readJson(exchange);
  return {
    dir: typeof dir === 'string' ? dir : undefined,
    answers: isRecord(answers) ? answers : undefined,
    user: typeof user === 'number' ? user : undefined,
  };
}

function clockChange(exchange: Exchange) {
  const { now, advance_seconds, reset } = readJson(exchange);
  return {
    now: typeof now === 'string' ? now : undefined,
    advance_seconds: typeof advance_seconds === 'number' ? advance_seconds : undefined,
    reset: reset === true,
  };
}
