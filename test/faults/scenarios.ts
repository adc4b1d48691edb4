import type { Scenario } from './harness/scenario';
import { slowVendor } from './scenarios/slow-vendor';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [slowVendor];
