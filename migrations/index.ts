import { CreateTables1763800000000 } from './1763800000000-create-tables';

/** In order; a merged migration is never edited. No globs: the server, the command and the tests share this list. */
export const MIGRATIONS = [CreateTables1763800000000];
