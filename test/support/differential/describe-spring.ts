import { inPlainNode } from '../plain-node';
import type { Comparison } from './comparison';
import { report } from './report';
import { SPRING_DAYS } from './spring';

/** Several files do this, each with some of the personas, so that jest runs them side by side; here in two worlds. */
export function describeSpring(who: string, personas: readonly number[]): void {
  describe(`the API against the truth: ${who}`, () => {
    let comparisons: Comparison[];
    beforeAll(async () => {
      const halves = [0, 1].map((rest) => personas.filter((_, index) => index % 2 === rest));
      const lived = halves.map((some) =>
        inPlainNode<Comparison[]>(require.resolve('./spring'), 'livedSpring', some),
      );
      comparisons = (await Promise.all(lived)).flat();
      console.log(report(comparisons, SPRING_DAYS));
    }, 900_000);

    it.each(personas)('tells of persona %i what was lived, to the last value', (persona) => {
      const { values, differences } = comparisons.find((it) => it.persona === persona)!;
      expect(values).toBeGreaterThan(80_000);
      expect(differences).toHaveLength(0);
    });
  });
}
