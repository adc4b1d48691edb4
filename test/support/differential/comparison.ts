import type { DayTruth } from '../../../simulator/truth/day-truth';
import type { Asked } from '../send';
import { seenCalendar } from './calendar';
import { differencesBetween, type Difference } from './difference';
import { expectedFacts } from './expected';
import { servedFacts } from './served';

interface Compared {
  persona: number;
  user: string;
  /** Of dates that follow each other. */
  truth: DayTruth[];
  connectedAt: Date;
}

export interface Comparison {
  persona: number;
  values: number;
  differences: Difference[];
}

/** What the REST API says of a user against what the simulator knows of the life behind it. */
export async function compareWithTruth(
  server: Asked,
  { persona, user, truth, connectedAt }: Compared,
): Promise<Comparison> {
  const calendar = seenCalendar(truth, connectedAt);
  const expected = expectedFacts(truth, calendar);
  const span = { from: truth[0].date, to: truth[truth.length - 1].date };
  const got = await servedFacts(server, user, span);
  return {
    persona,
    values: expected.size,
    differences: differencesBetween(expected, got, calendar),
  };
}
