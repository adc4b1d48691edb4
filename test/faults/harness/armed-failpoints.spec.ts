import { ArmedFailpoints } from './armed-failpoints';

describe('armed failpoints', () => {
  const reached: string[] = [];
  const failpoints = new ArmedFailpoints((point) => reached.push(point));
  beforeEach(() => (reached.length = 0));

  it('throw at their point only, the nth time only', async () => {
    failpoints.arm({ point: 'refresh.before-send', action: 'throw', nth: 2 });
    await failpoints.reach('somewhere else');
    await failpoints.reach('refresh.before-send');
    await expect(failpoints.reach('refresh.before-send')).rejects.toThrow('refresh.before-send');
    await failpoints.reach('refresh.before-send');
    expect(reached).toEqual([]);
  });

  it('tell that they were reached, and hang for a while', async () => {
    failpoints.arm({ point: 'one', action: 'report' });
    failpoints.arm({ point: 'two', action: 'hang', ms: 40 });
    await failpoints.reach('one');
    const began = performance.now();
    await failpoints.reach('two');
    expect(performance.now() - began).toBeGreaterThan(35);
    expect(reached).toEqual(['one', 'two']);
  });
});
