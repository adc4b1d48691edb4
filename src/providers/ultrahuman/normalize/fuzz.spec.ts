import { join } from 'node:path';
import { fuzz } from '../../../../bench/fuzz/fuzz-run';
import { readFixtures } from '../../../../test/support/provider-contract';
import type { NormalizedDay } from '../../../health-data/canonical';
import type { RawAnswer } from '../../provider';
import { normalizeAnswer } from './normalize';

const answers = readFixtures(join(__dirname, '..', 'fixtures'));

it('10,000 mutated answers: no uncaught error, nothing out of range, nothing lost beside a bad value', () => {
  const runs = 10_000;
  const { uncaught, malformed, lost, compared, times } = fuzz({
    runs,
    seed: 1,
    answers,
    normalize: normalizeAnswer,
  });
  expect({ uncaught, malformed, lost }).toEqual({ uncaught: [], malformed: [], lost: [] });
  expect(compared).toBeGreaterThan(runs / 2);
  const mean = times.reduce((sum, time) => sum + time, 0) / runs;
  process.stdout.write(`${runs} mutated answers: 0 uncaught errors, ${mean.toFixed(2)} ms on average\n`);
}, 180_000);

describe('the check itself finds', () => {
  const broken = (spoil: (day: NormalizedDay, answer: RawAnswer) => void) =>
    fuzz({
      runs: 400,
      seed: 7,
      answers,
      normalize: (answer) => {
        const day = normalizeAnswer(answer);
        spoil(day, answer);
        return day;
      },
    });

  it('an error', () => {
    const { uncaught } = broken((_, { body }) => {
      if (body.includes('Infinity')) throw new TypeError('no number');
    });
    expect(uncaught[0]).toMatch(/TypeError: no number/);
  });

  it('a value out of range', () => {
    const { malformed } = broken(({ series }) => {
      for (const { code, values } of series) if (code === 'heart_rate') values[0] = 251;
    });
    expect(malformed[0]).toMatch(/heart_rate range/);
  });

  it('a sibling that is lost', () => {
    const { lost } = broken((day) => {
      if (day.rejected.some(({ path, reason }) => path === 'temp' && reason === 'malformed'))
        day.series = day.series.filter(({ code }) => code !== 'skin_temperature');
    });
    expect(lost[0]).toMatch(/skin_temperature/);
  });
});
