import { setImmediate as turn } from 'node:timers/promises';
import { Turns } from './turns';

describe(Turns.name, () => {
  it('runs so many at once, the others in the order in which they came, whatever becomes of one', async () => {
    const turns = new Turns(2);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const work = Array.from({ length: 5 }, (_, number) =>
      turns.run(async () => {
        started.push(number);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (number === 0) throw new Error('the first one fails');
        return number;
      }),
    );
    const outcomes = Promise.allSettled(work);
    await turn();
    expect(started).toEqual([0, 1]);
    ends[0]();
    await turn();
    expect(started).toEqual([0, 1, 2]);
    ends[1]();
    ends[2]();
    await turn();
    expect(started).toEqual([0, 1, 2, 3, 4]);
    ends[3]();
    ends[4]();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', ...Array(4).fill('fulfilled')]);
    await expect(turns.run(async () => 'another')).resolves.toBe('another');
  });
});
