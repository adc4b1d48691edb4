/** When most scenarios begin: a Wednesday evening, when nothing is about to change. */
export const PINNED_NOW = new Date('2026-03-25T14:40:00Z');

/** The oldest date of a backfill that begins then. */
export const FIRST_DATE = '2026-02-23';
