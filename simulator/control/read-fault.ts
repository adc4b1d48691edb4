import { Fault, FAULT_MODES } from '../faults';
import { BadInput } from '../http/exchange';

/** A misspelt knob that is silently ignored would make a test pass for nothing: unknown fields are refused. */
export function readFault(input: Record<string, unknown>): Fault {
  const known = ['route', 'mode', 'times', 'ms', 'status', 'retry_after', 'date', 'user', 'after'];
  const unknown = Object.keys(input).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new BadInput(`unknown field ${unknown}; a fault has ${known.join(', ')}`);
  const mode = FAULT_MODES.find((name) => name === input.mode);
  if (mode === undefined) throw new BadInput(`mode must be one of ${FAULT_MODES.join(', ')}`);
  const { retry_after: retryAfter } = input;
  return {
    route: text(input, 'route') ?? '',
    mode,
    times: number(input, 'times'),
    ms: number(input, 'ms'),
    status: number(input, 'status'),
    retry_after: typeof retryAfter === 'string' ? retryAfter : number(input, 'retry_after'),
    date: text(input, 'date'),
    user: number(input, 'user'),
    after: input.after === true,
  };
}

function text(input: Record<string, unknown>, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new BadInput(`${name} must be text`);
}

function number(input: Record<string, unknown>, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || typeof value === 'number') return value;
  throw new BadInput(`${name} must be a number`);
}
