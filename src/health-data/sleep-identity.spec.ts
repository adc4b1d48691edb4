import { identifySleeps } from './sleep-identity';

const HOUR = 3_600_000;
const sleep = (start: number, end: number) => ({ start: start * HOUR, end: end * HOUR });
const known = (id: string, start: number, end: number, deleted = false) => ({
  id,
  deleted,
  ...sleep(start, end),
});

const idsOf = (sleeps: ReturnType<typeof sleep>[], stored: ReturnType<typeof known>[]) => {
  const { known, absorbed } = identifySleeps(sleeps, stored);
  return { known: known.map(({ stored }) => stored?.id ?? null), absorbed: absorbed.map(({ id }) => id) };
};

describe(identifySleeps.name, () => {
  it.each([
    ['a start that moved', sleep(23, 31), known('night', 22, 31), 'night'],
    ['just over half of the shorter', sleep(27, 31.1), known('night', 22, 29.2), 'night'],
    ['exactly half of the shorter', sleep(27, 31), known('night', 22, 29), null],
    ['a nap that the night covers', sleep(22, 31), known('nap', 28, 29), 'nap'],
    ['next to it', sleep(31, 32), known('night', 22, 31), null],
  ])('%s', (_, answered, stored, id) => {
    expect(idsOf([answered], [stored]).known).toEqual([id]);
  });

  it('gives a stored sleep to the answered one that overlaps it most', () => {
    const stored = [known('night', 22, 31)];
    expect(idsOf([sleep(22, 25), sleep(25.5, 31)], stored)).toEqual({ known: [null, 'night'], absorbed: [] });
  });

  it('absorbs a stored sleep that became part of another', () => {
    const stored = [known('first', 22, 26), known('second', 26.5, 31)];
    expect(idsOf([sleep(22, 31)], stored)).toEqual({ known: ['second'], absorbed: ['first'] });
  });

  it('lets a deleted sleep take all that it covers', () => {
    const stored = [known('deleted', 22, 31, true)];
    expect(idsOf([sleep(22, 26), sleep(26.5, 31)], stored)).toEqual({
      known: ['deleted', 'deleted'],
      absorbed: [],
    });
  });

  it('does not absorb for the sake of a deleted sleep', () => {
    const stored = [known('deleted', 22, 31, true), known('alive', 22, 24)];
    expect(idsOf([sleep(22, 31)], stored)).toEqual({ known: ['deleted'], absorbed: [] });
  });
});
