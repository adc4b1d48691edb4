import { setTimeout as delay } from 'node:timers/promises';
import { html, json, Reply } from '../http/reply';
import { spoilShape } from '../shapes/spoil-shape';
import { Fault } from './fault';
import { Strike } from './fault-board';

const usualDripMs = 2000;

/** Null means no answer at all: the socket is dropped or left hanging. */
export async function spoil({ fault, turn }: Strike, answer: () => Reply): Promise<Reply | null> {
  const early = fault.after === true ? answer() : null;
  const proper = () => early ?? answer();
  if (fault.mode === 'drip') return { ...proper(), dripMs: fault.ms ?? usualDripMs };
  if (fault.ms !== undefined) await delay(fault.ms, undefined, { ref: false });
  switch (fault.mode) {
    case 'status':
      return statusReply(fault);
    case 'html':
      return html(fault.status ?? 200, '<!doctype html><title>Sorry</title><h1>We will be back soon</h1>\n');
    case 'empty':
      return {
        status: fault.status ?? 200,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: '',
      };
    case 'truncated':
      return truncate(proper());
    case 'other_day':
      return proper();
    case 'shape':
      return spoilShape(fault, turn, proper());
    case 'state_tamper':
      return tamperState(proper());
    case 'hang':
      return fault.ms === undefined ? null : proper();
    default:
      return null;
  }
}

/** The way back, with a state that looks like the one that was sent and is not. */
function tamperState(reply: Reply): Reply {
  const location = reply.headers.location;
  if (location === undefined) return reply;
  const back = new URL(location);
  const state = back.searchParams.get('state') ?? '';
  back.searchParams.set('state', `${state.startsWith('A') ? 'B' : 'A'}${state.slice(1)}`);
  return { ...reply, headers: { ...reply.headers, location: back.href } };
}

function truncate(reply: Reply): Reply {
  const bytes = Buffer.from(reply.body);
  return { ...reply, body: bytes.subarray(0, Math.floor(bytes.length / 2)) };
}

function statusReply({ status = 500, retry_after: retryAfter }: Fault): Reply {
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  if (status === 401) return json(401, { error: 'invalid_token' }, headers);
  if (status === 403 || status === 204) return { status, headers, body: '' };
  return json(status, { status, error: `simulated ${status}` }, headers);
}
