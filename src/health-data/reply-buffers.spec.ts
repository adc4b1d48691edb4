import { ReplyBuffers } from './reply-buffers';

const MEGABYTE = 1_024 * 1_024;

describe(ReplyBuffers.name, () => {
  it('hands out the memory of a large reply again once it was given back, not before', () => {
    const buffers = new ReplyBuffers();
    const [first, second] = [buffers.take(MEGABYTE), buffers.take(MEGABYTE)];
    expect(second.buffer).not.toBe(first.buffer);
    buffers.giveBack(first.subarray(0, 17));
    buffers.giveBack(first);
    const third = buffers.take(MEGABYTE - 5);
    expect(third.buffer).toBe(first.buffer);
    expect(third).toHaveLength(MEGABYTE - 5);
    expect(buffers.take(MEGABYTE).buffer).not.toBe(first.buffer);
  });

  it('keeps neither memory that Node shares among small Buffers nor more than a few', () => {
    const buffers = new ReplyBuffers();
    const small = buffers.take(100);
    buffers.giveBack(small);
    expect(buffers.take(100).byteOffset).not.toBe(small.byteOffset);
    const many = Array.from({ length: 20 }, () => buffers.take(MEGABYTE));
    for (const buffer of many) buffers.giveBack(buffer);
    const again = Array.from({ length: 20 }, () => buffers.take(MEGABYTE).buffer);
    expect(again.filter((memory) => many.some(({ buffer }) => buffer === memory))).toHaveLength(8);
  });
});
