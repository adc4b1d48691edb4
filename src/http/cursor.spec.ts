import * as fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor';

describe('a cursor', () => {
  it('is URL-safe base64 of timestamp and id, with prev_ in front when it leads back', () => {
    const position = { at: '2026-08-07T00:05:00.000Z', id: '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34' };
    const cursor = encodeCursor(position);
    expect(Buffer.from(cursor, 'base64url').toString()).toBe(`${position.at}|${position.id}`);
    expect(cursor).toMatch(/^[\w-]+=*$/);
    expect(encodeCursor({ ...position, backwards: true })).toBe(`prev_${cursor}`);
  });

  it('comes back as it went out', () => {
    const at = fc.date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(at, fc.stringMatching(/^[\x20-\x7e]+$/), fc.boolean(), (time, id, backwards) => {
        const position = { at: time.toISOString(), id, backwards };
        expect(decodeCursor(encodeCursor(position))).toEqual(position);
      }),
    );
  });

  it.each([
    '',
    'prev_',
    '%%%',
    'not-a-cursor',
    btoa('2026-08-07'),
    btoa('2026-13-45|x'),
    btoa('2026-02-30|x'),
    btoa('yesterday|x'),
    btoa('2026-08-07|\0'),
  ])('made up as %j is refused', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(
      `Invalid cursor format: '${cursor}'. Expected 'timestamp|id'.`,
    );
  });
});
