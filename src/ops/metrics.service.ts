import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { DriftService } from './drift.service';

/** Each name is a time series of its own in whatever collects the metrics. */
const NAMES_AS_LABELS = 50;

/** A registry of its own, so that two servers in one process do not mix. */
@Injectable()
export class MetricsService {
  private readonly registry = new Registry();

  constructor(drift: DriftService) {
    collectDefaultMetrics({ register: this.registry });
    const sightings = new Counter({
      name: 'vitalbase_drift_sightings_total',
      help: 'What providers sent that was not understood (type, field, value) or not taken (rejected)',
      labelNames: ['provider', 'kind', 'name'],
      registers: [this.registry],
      // Read at every scrape: the table counts for all processes and over restarts.
      collect: async () => {
        const totals = await drift.totals(NAMES_AS_LABELS);
        sightings.reset();
        for (const { count, ...labels } of totals) sightings.inc(labels, count);
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
