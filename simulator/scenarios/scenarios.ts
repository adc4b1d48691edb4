import { ClockChange } from '../control/control';
import { Fault } from '../faults/fault';
import { BadInput } from '../http/exchange';
import { Envelope } from '../options';

/** One thing to do to the simulator; the words are those of the control routes. */
export interface ScenarioStep {
  clock?: ClockChange;
  fault?: Fault;
  clear_faults?: boolean;
  envelope?: Envelope;
  noise?: boolean;
}

export interface Scenario {
  name: string;
  summary: string;
  steps: ScenarioStep[];
}

const sixHours = 6 * 3600;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'calm',
    summary: 'No fault, envelope E1, screen noise on: what the simulator starts with',
    steps: [{ clear_faults: true }, { envelope: 'e1' }, { noise: true }],
  },
  {
    name: 'outage_6h',
    summary: 'For six simulated hours every data and token request is answered with 503',
    steps: [
      { fault: { route: 'metrics', mode: 'status', status: 503, for_seconds: sixHours } },
      { fault: { route: 'token', mode: 'status', status: 503, for_seconds: sixHours } },
    ],
  },
  {
    name: 'html_outage',
    summary: 'For six simulated hours the data route answers 200 with a web page',
    steps: [{ fault: { route: 'metrics', mode: 'html', for_seconds: sixHours } }],
  },
  {
    name: 'rotation_lost',
    summary: 'The next token request takes effect, but its answer never arrives',
    steps: [{ fault: { route: 'token', mode: 'drop', after: true, times: 1 } }],
  },
  {
    name: 'drift_new_type',
    summary: 'Every day carries a metric that nobody has heard of',
    steps: [{ fault: { route: 'metrics', mode: 'shape', shape: 'new_type' } }],
  },
  {
    name: 'rolled_back',
    summary: 'Every day is answered in an older, smaller state',
    steps: [{ fault: { route: 'metrics', mode: 'shape', shape: 'rolled_back' } }],
  },
  {
    name: 'envelope_e2',
    summary: 'Days come as a map of dates, the way the documentation shows them',
    steps: [{ envelope: 'e2' }],
  },
];

export function findScenario(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found) return found;
  throw new BadInput(
    `there is no scenario ${name}; there are ${SCENARIOS.map(({ name }) => name).join(', ')}`,
  );
}
