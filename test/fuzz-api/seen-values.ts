import type { Operation } from './document';

type Filled = Record<string, string>;
type Query = [string, string][];

/** A request, but for its headers and its body. */
export interface Target {
  filled: Filled;
  query: Query;
}

/** A page that an answer has offered, and the request that it goes on from. */
interface OfferedPage extends Target {
  operation: Operation;
  cursor: string;
}

export interface FilledIn extends Target {
  used: SeenKind[];
  /** The operation has offered just this page, so it must take the cursor. */
  isNextPage: boolean;
}

/** What requests are made of that only earlier answers tell. */
export type SeenKind = 'cursor' | 'data_source_id';

/** At most so many of each operation, the newest ones. */
const KEPT = 200;
const MARK = /^\{\{(cursor|data_source_id)_(\d+)\}\}$/;

/** Stands in a drafted query for one of the values that have been seen by then. */
export const markOf = (kind: SeenKind, n: number): string => `{{${kind}_${n}}}`;

/** The cursors and the data sources that answers have shown. */
export class SeenValues {
  private readonly pages = new Map<Operation, OfferedPage[]>();
  /** By user. */
  private readonly sources = new Map<string, Set<string>>();

  /** @returns the request with seen values in the place of the marks, or without them as long as nothing has been seen */
  fillIn(operation: Operation, { filled, query }: Target): FilledIn {
    const marks = query.map(([, value]) => MARK.exec(value));
    const onward = marks.find((mark) => mark?.[1] === 'cursor');
    const page = onward && this.pageFor(operation, Number(onward[2]));
    // Of half of the pages the rest of the request stays as it was, as clients do.
    if (page && Number(onward[2]) % 2 === 0) return nextOf(page, operation);
    const owner = page?.filled ?? filled;
    const used: SeenKind[] = [];
    const full = query.flatMap(([key, value], index): Query => {
      const mark = marks[index];
      if (mark === null) return [[key, value]];
      const kind = mark[1] as SeenKind;
      const seen = kind === 'cursor' ? page?.cursor : this.sourceFor(owner.user_id, Number(mark[2]));
      if (seen === undefined) return [];
      used.push(kind);
      return [[key, seen]];
    });
    return { filled: owner, query: full, used, isNextPage: false };
  }

  /** Takes from an answer what it shows. */
  learn(operation: Operation, { filled, query }: Target, body: unknown): void {
    const { pagination, data, items } = (body ?? {}) as Record<string, unknown>;
    const { next_cursor, previous_cursor } = (pagination ?? {}) as Record<string, unknown>;
    const first = query.filter(([key]) => key !== 'cursor');
    for (const cursor of [next_cursor, previous_cursor])
      if (typeof cursor === 'string') this.add({ operation, filled, query: first, cursor });
    for (const item of [data, items].flatMap((list) => (Array.isArray(list) ? list : []))) {
      const id = operation.path.endsWith('/data-sources') ? item.id : item?.data_source_id;
      if (typeof id === 'string') this.sourcesOf(filled.user_id).add(id);
    }
  }

  private add(page: OfferedPage): void {
    const { operation } = page;
    this.pages.set(operation, [...(this.pages.get(operation) ?? []), page].slice(-KEPT));
  }

  private sourcesOf(user: string): Set<string> {
    const known = this.sources.get(user) ?? new Set();
    this.sources.set(user, known);
    return known;
  }

  /** One of the operation's own, and at times one of another. */
  private pageFor(operation: Operation, n: number): OfferedPage | undefined {
    const pages = n % 7 === 0 ? [...this.pages.values()].flat() : (this.pages.get(operation) ?? []);
    return pages[n % pages.length];
  }

  /** One of the user's own, and at times one of another user. */
  private sourceFor(user: string, n: number): string | undefined {
    const all = [...this.sources.values()].flatMap((ids) => [...ids]);
    const ids = n % 5 === 0 ? all : [...this.sourcesOf(user)];
    return ids[n % ids.length];
  }
}

const nextOf = ({ operation, filled, query, cursor }: OfferedPage, asked: Operation): FilledIn => ({
  filled,
  query: [...query, ['cursor', cursor]],
  used: ['cursor'],
  isNextPage: operation === asked,
});
