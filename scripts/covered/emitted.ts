import type { DailyValue, NormalizedDay, ScoreCategory, SeriesCode } from '../../src/health-data/canonical';
import { normalizeAnswer } from '../../src/providers/ultrahuman/normalize/normalize';
import { simulatedDays } from './simulated-days';
import { sleepFieldsOf } from './sleep-fields';

/** What the normalizer made of the simulated days: each code, category and field that came up at least once. */
export class Emitted {
  readonly series = new Set<SeriesCode>();
  readonly daily = new Set<SeriesCode>();
  readonly targets = new Map<SeriesCode, NonNullable<DailyValue['target']>>();
  readonly sleepFields = new Set<string>();
  readonly scores = new Set<ScoreCategory>();

  static async bySimulator(): Promise<Emitted> {
    const emitted = new Emitted();
    for await (const answer of simulatedDays()) emitted.add(normalizeAnswer(answer));
    return emitted;
  }

  private add({ series, daily, sleeps, scores }: NormalizedDay): void {
    for (const { code } of series) this.series.add(code);
    for (const { code, target } of daily) {
      this.daily.add(code);
      if (target !== undefined) this.targets.set(code, target);
    }
    for (const sleep of sleeps) for (const field of sleepFieldsOf(sleep)) this.sleepFields.add(field);
    for (const { category } of scores) this.scores.add(category);
  }
}
