import { Control } from '../control/control';
import { ScenarioStep } from './scenarios';

export function applyStep(step: ScenarioStep, control: Control): void {
  if (step.clock) control.setClock(step.clock);
  if (step.clear_faults === true) control.clearFaults();
  if (step.fault) control.addFault(step.fault);
  if (step.envelope) control.setEnvelope(step.envelope);
  if (step.noise !== undefined) control.setNoise(step.noise);
}
