import { setTimeout as delay } from 'node:timers/promises';
import { BadInput } from './http/exchange';
import { html, json, Reply } from './http/reply';

export const FAULT_ROUTES = ['token', 'metrics', 'token_info', 'user_info', 'revoke'];
export const FAULT_MODES = ['status', 'hang', 'html', 'truncated', 'empty', 'other_day', 'drop'] as const;

export interface Fault {
  route: string;
  mode: (typeof FAULT_MODES)[number];
  /** How many requests it hits; left out: all until it is deleted. */
  times?: number;
  /** `hang`: answer properly after so long; left out: never. Other modes: wait so long first. */
  ms?: number;
  /** `status`, `html`: the code to answer with. */
  status?: number;
  /** `status`: the Retry-After header. */
  retry_after?: number | string;
  date?: string;
  user?: number;
  /** The request takes effect and only its answer is spoilt: a rotation that succeeds and is never heard of. */
  after?: boolean;
}

export class FaultBoard {
  private faults: Fault[] = [];

  add(fault: Fault): void {
    if (!FAULT_ROUTES.includes(fault.route))
      throw new BadInput(`route must be one of ${FAULT_ROUTES.join(', ')}`);
    if (!FAULT_MODES.includes(fault.mode))
      throw new BadInput(`mode must be one of ${FAULT_MODES.join(', ')}`);
    if (fault.mode === 'status' && !isStatus(fault.status))
      throw new BadInput('status must be a code from 200 to 599');
    if (fault.mode === 'other_day' && fault.route !== 'metrics')
      throw new BadInput('other_day is for metrics only');
    this.faults.push({ ...fault });
  }

  all(): Fault[] {
    return [...this.faults];
  }

  clear(): void {
    this.faults = [];
  }

  /** The first fault that fits, one use of it spent. */
  take(route: string, subject: { user: number | null; date: string | null }): Fault | null {
    const fits = (fault: Fault) =>
      fault.route === route &&
      (fault.user === undefined || fault.user === subject.user) &&
      (fault.date === undefined || fault.date === subject.date);
    const fault = this.faults.find(fits);
    if (!fault) return null;
    if (fault.times !== undefined) {
      fault.times -= 1;
      if (fault.times <= 0) this.faults = this.faults.filter((other) => other !== fault);
    }
    return fault;
  }
}

/** Null means no answer at all: the socket is dropped or left hanging. */
export async function spoil(fault: Fault, answer: () => Reply): Promise<Reply | null> {
  const early = fault.after === true ? answer() : null;
  if (fault.ms !== undefined) await delay(fault.ms, undefined, { ref: false });
  const proper = () => early ?? answer();
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
    case 'hang':
      return fault.ms === undefined ? null : proper();
    default:
      return null;
  }
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

function isStatus(status: number | undefined): boolean {
  return status !== undefined && Number.isInteger(status) && status >= 200 && status <= 599;
}
