import type { Resyncs } from './support/differential/resyncs';
import { inPlainNode } from './support/plain-node';

const TIMES = 10;
/** With a glucose sensor; with naps and nights that the vendor revises. */
const PERSONAS = [1003, 1006];

describe.each([
  { name: 'answers that repeat to the byte, which the hash skip passes over', uiNoise: false },
  { name: 'answers whose wording varies, which are read anew each time', uiNoise: true },
])('ten re-syncs of $name', ({ uiNoise }) => {
  it('change no row of health data', async () => {
    const { rows, changed, otherBytes }: Resyncs = await inPlainNode(
      require.resolve('./support/differential/resyncs'),
      'resyncs',
      { times: TIMES, personas: PERSONAS, uiNoise },
    );
    console.log(
      `${TIMES} re-syncs of 30 days × ${PERSONAS.length} personas, hash skip ${uiNoise ? 'off' : 'on'}: ${changed} of ${rows} rows of health data changed`,
    );
    expect(rows).toBeGreaterThan(900);
    expect(changed).toBe(0);
    // Whether the skip could be at work.
    expect(otherBytes > 55).toBe(uiNoise);
    expect(otherBytes === 0).toBe(!uiNoise);
  }, 900_000);
});
