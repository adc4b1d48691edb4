import { Stage } from '../life/sleep-stages';

export const stageTypes: Record<Stage, string> = {
  deep: 'deep_sleep',
  light: 'light_sleep',
  rem: 'rem_sleep',
  awake: 'awake',
};
