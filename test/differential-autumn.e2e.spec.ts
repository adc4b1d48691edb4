import type { LivedAutumn } from './support/differential/autumn';
import { report } from './support/differential/report';
import { inPlainNode } from './support/plain-node';

const DAYS = 32;

describe('the API against the truth: autumn', () => {
  let lived: LivedAutumn;
  beforeAll(async () => {
    lived = await inPlainNode(require.resolve('./support/differential/autumn'), 'livedAutumn');
  }, 900_000);

  it('tells what was lived, to the last value', () => {
    console.log(report(lived.comparisons, DAYS));
    for (const { values } of lived.comparisons) expect(values).toBeGreaterThan(80_000);
    expect(lived.comparisons.flatMap(({ differences }) => differences)).toHaveLength(0);
  });

  describe('the comparison itself', () => {
    it('sees one sample that is off by one', () => {
      const { sample } = lived.altered;
      const [{ expected }] = sample;
      expect(sample).toEqual([
        {
          date: '2026-10-25',
          what: 'heart_rate',
          at: expect.stringMatching(/^2026-10-25T/),
          expected: expect.any(Number),
          got: Number(expected) + 1,
        },
      ]);
    });

    it('sees a daily value under the wrong date', () => {
      expect(lived.altered.date).toContainEqual(
        expect.objectContaining({ date: '2026-10-20', what: 'daily vo2_max', got: undefined }),
      );
    });

    it('sees a wrong offset and a lost stage', () => {
      const seen = lived.altered.offsetAndStage.map(({ what }) => what);
      expect(seen).toContain('score recovery.zone_offset');
      const stage = seen.filter((what) => what.startsWith('sleep.sleep_stage_intervals'));
      const fields = stage.map((what) => what.split('.').at(-1));
      expect(new Set(fields)).toEqual(new Set(['stage', 'start_time', 'end_time', 'toss_turns']));
    });
  });
});
