export type Scalar = number | string | boolean | null;

/** What one side says, each value under its name: what is measured, and when or for which date. */
export type Facts = Map<string, Scalar>;

/** Of an instant (ISO 8601) or a date. */
export const nameOf = (at: string, what: string) => `${at} ${what}`;

/** @returns when, and what */
export function partsOf(name: string): [at: string, what: string] {
  const space = name.indexOf(' ');
  return [name.slice(0, space), name.slice(space + 1)];
}

/** Takes a tree apart into its leaves. Two leaves of one name are a mistake of whoever says so. */
export function addFacts(facts: Facts, at: string, what: string, tree: unknown): void {
  if (typeof tree === 'object' && tree !== null) {
    for (const [key, value] of Object.entries(tree)) addFacts(facts, at, `${what}.${key}`, value);
    return;
  }
  if (tree === undefined) return;
  const name = nameOf(at, what);
  facts.set(facts.has(name) ? `${name} again` : name, tree as Scalar);
}

export const iso = (epochSeconds: number) =>
  new Date(epochSeconds * 1_000).toISOString().replace('.000Z', 'Z');
