import { Fault, FAULT_MODES } from '../faults/fault';
import { BadInput } from '../http/exchange';
import { isShapeName, SHAPE_NAMES, ShapeName } from '../shapes/shapes';
import { ControlInput } from './read-input';

const known = [
  'route',
  'mode',
  'times',
  'nth',
  'probability',
  'seed',
  'for_seconds',
  'ms',
  'status',
  'retry_after',
  'shape',
  'offset_ms',
  'field',
  'date',
  'user',
  'after',
];

export function readFault(fields: Record<string, unknown>): Fault {
  const input = new ControlInput(fields, 'a fault', known);
  const mode = FAULT_MODES.find((name) => name === fields.mode);
  if (mode === undefined) throw new BadInput(`mode must be one of ${FAULT_MODES.join(', ')}`);
  const retryAfter = input.raw('retry_after');
  return {
    route: input.text('route') ?? '',
    mode,
    times: input.number('times'),
    nth: input.number('nth'),
    probability: input.number('probability'),
    seed: input.text('seed'),
    for_seconds: input.number('for_seconds'),
    ms: input.number('ms'),
    status: input.number('status'),
    retry_after: typeof retryAfter === 'string' ? retryAfter : input.number('retry_after'),
    shape: readShape(input.text('shape')),
    offset_ms: input.number('offset_ms'),
    field: input.text('field'),
    date: input.text('date'),
    user: input.number('user'),
    after: input.flag('after') === true,
  };
}

function readShape(name: string | undefined): ShapeName | undefined {
  if (name === undefined || isShapeName(name)) return name;
  throw new BadInput(`shape must be one of ${SHAPE_NAMES.join(', ')}`);
}
