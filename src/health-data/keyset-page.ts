import { encodeCursor, type CursorPosition } from '../http/cursor';
import type { Pagination } from '../http/page.dto';

/** Where an item stands; no two items may stand at the same place. */
export type Position = Pick<CursorPosition, 'at' | 'id'>;

/** A page found by walking from a cursor, or from the start of the range. */
export interface WalkedPage {
  cursor: CursorPosition | null;
  /** Where the page's first and last item stand; null for an empty page. */
  ends: { first: Position; last: Position } | null;
  /** Whether there are items beyond the page in the direction of travel. */
  beyond: boolean;
  total: number | null;
}

/** On the way back, the page that one came from lies ahead; on the way forth, it lies behind. */
export function paginationOf({ cursor, ends, beyond, total }: WalkedPage): Pagination {
  const backwards = cursor?.backwards ?? false;
  const after = ends !== null && (backwards || beyond);
  const before = ends !== null && cursor !== null && (!backwards || beyond);
  return {
    next_cursor: after ? encodeCursor(ends.last) : null,
    previous_cursor: before ? encodeCursor({ ...ends.first, backwards: true }) : null,
    has_more: after,
    total_count: total,
  };
}

/**
 * A page and its cursors out of the rows next to the cursor.
 * @param walked up to `limit + 1` rows in the direction of travel: the last one only tells that there are more
 */
export function keysetPage<T>(
  walked: T[],
  {
    limit,
    cursor,
    positionOf,
    total = null,
  }: {
    limit: number;
    cursor: CursorPosition | null;
    positionOf: (row: T) => Position;
    total?: number | null;
  },
): { rows: T[]; pagination: Pagination } {
  const taken = walked.slice(0, limit);
  const rows = cursor?.backwards ? taken.toReversed() : taken;
  const ends =
    rows.length === 0 ? null : { first: positionOf(rows[0]), last: positionOf(rows[rows.length - 1]) };
  return { rows, pagination: paginationOf({ cursor, ends, beyond: walked.length > limit, total }) };
}
