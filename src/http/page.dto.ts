/** Where this page lies in the whole list. */
export class Pagination {
  /** Send it as `cursor` for the next page; null on the last */
  next_cursor: string | null;

  /** Send it as `cursor` for the page before; null on a page that was not reached by a cursor */
  previous_cursor: string | null;

  /** Whether there is a next page */
  has_more: boolean;

  /** How many items all pages hold; null where counting is not offered @example 288 */
  total_count: number | null;
}

/** Of a page by number. @param count of the items on it */
export const offsetPagination = (offset: number, count: number, total: number): Pagination => ({
  next_cursor: null,
  previous_cursor: null,
  has_more: offset + count < total,
  total_count: total,
});

/** What the page answers. */
export class PageMetadata {
  /** The asked resolution; null for raw samples */
  resolution: string | null;

  /** Items on this page @example 50 */
  sample_count: number;

  /** Start of the range, included @example 2026-08-01T00:00:00Z */
  start_time: string | null;

  /** End of the range, excluded @example 2026-08-08T00:00:00Z */
  end_time: string | null;
}
