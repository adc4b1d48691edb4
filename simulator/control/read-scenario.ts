import { checkFault } from '../faults/fault-board';
import { BadInput, isRecord } from '../http/exchange';
import { isEnvelope } from '../options';
import { Scenario, ScenarioStep } from '../scenarios/scenarios';
import { ClockChange } from './control';
import { readFault } from './read-fault';
import { ControlInput } from './read-input';

type Fields = Record<string, unknown>;

/** A scenario as it stands in somebody's file. It is read to its end first: half a scenario is never played. */
export function readScenario(fields: Fields): Scenario {
  const input = new ControlInput(fields, 'a scenario', ['name', 'summary', 'steps']);
  const steps = input.raw('steps');
  if (!Array.isArray(steps) || steps.length === 0)
    throw new BadInput('steps must be a list, such as [{"envelope": "e2"}]');
  return {
    name: input.text('name') ?? 'unnamed',
    summary: input.text('summary') ?? '',
    steps: steps.map(readStep),
  };
}

export function readClockChange(fields: Fields): ClockChange {
  const known = ['now', 'advance_seconds', 'speed', 'reset'];
  const input = new ControlInput(fields, 'a clock change', known);
  return {
    now: input.text('now'),
    advance_seconds: input.number('advance_seconds'),
    speed: input.number('speed'),
    reset: input.flag('reset'),
  };
}

function readStep(step: unknown): ScenarioStep {
  if (!isRecord(step)) throw new BadInput('a step must be an object, such as {"envelope": "e2"}');
  const known = ['clock', 'fault', 'clear_faults', 'envelope', 'noise'];
  const input = new ControlInput(step, 'a step', known);
  const [clock, fault, envelope] = [input.raw('clock'), input.raw('fault'), input.raw('envelope')];
  if (envelope !== undefined && !isEnvelope(envelope)) throw new BadInput('envelope must be e1 or e2');
  return {
    clock: clock === undefined ? undefined : readClockChange(recordOf('clock', clock)),
    fault: fault === undefined ? undefined : readSoundFault(recordOf('fault', fault)),
    clear_faults: input.flag('clear_faults'),
    envelope,
    noise: input.flag('noise'),
  };
}

function readSoundFault(fields: Fields) {
  const fault = readFault(fields);
  checkFault(fault);
  return fault;
}

function recordOf(name: string, value: unknown): Fields {
  if (isRecord(value)) return value;
  throw new BadInput(`${name} must be an object`);
}
