import type { Scenario } from './harness/scenario';
import { concurrentExpiry } from './scenarios/concurrent-expiry';
import { emptyAnswers } from './scenarios/empty-answers';
import { crashPoints } from './scenarios/crash-points';
import { emptiedQueue } from './scenarios/emptied-queue';
import { frozenWorkers } from './scenarios/frozen-workers';
import { killedBackfill } from './scenarios/killed-backfill';
import { orderlyEnd } from './scenarios/orderly-end';
import { outage } from './scenarios/outage';
import { parallelDays } from './scenarios/parallel-days';
import { refreshKills } from './scenarios/refresh-kills';
import { slots } from './scenarios/slots';
import { slowVendor } from './scenarios/slow-vendor';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  concurrentExpiry,
  refreshKills,
  killedBackfill,
  crashPoints,
  parallelDays,
  frozenWorkers,
  orderlyEnd,
  emptiedQueue,
  outage,
  emptyAnswers,
  slots,
  slowVendor,
];
