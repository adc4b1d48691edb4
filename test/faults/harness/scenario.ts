import type { Random } from '../../../simulator/life/random';
import type { FaultCluster } from './fault-cluster';

/** One line of the report. */
export interface Figure {
  /** The numbers in words. */
  text: string;
  reached: boolean;
  /** What the number means, where that is not plain. */
  note?: string;
}

/** What a scenario works with. */
export interface Stage {
  cluster: FaultCluster;
  /** Full counts. */
  long: boolean;
  /** All chance of a scenario comes from here, so that a seed brings the same run again. */
  random: Random;
  /** Progress, for a person who waits. */
  say: (line: string) => void;
}

export interface Scenario {
  /** For `--only`. */
  name: string;
  summary: string;
  run: (stage: Stage) => Promise<Figure[]>;
}
