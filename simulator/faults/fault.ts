import { ShapeName } from '../shapes/shapes';

export const FAULT_ROUTES = ['authorise', 'token', 'metrics', 'token_info', 'user_info', 'revoke'];
export const FAULT_MODES = [
  'status',
  'hang',
  'drip',
  'html',
  'truncated',
  'empty',
  'other_day',
  'drop',
  'shape',
  'state_tamper',
] as const;

/** What a test asks for to go wrong: where, how, and how often. */
export interface Fault {
  route: string;
  mode: (typeof FAULT_MODES)[number];
  /** How many requests it hits; left out: all until it is deleted. */
  times?: number;
  /** Strikes only the nth request that fits, counted from 1; with `times`, from that one on. */
  nth?: number;
  /** Strikes a request that fits with this chance, by a sequence that hangs on `seed` alone. */
  probability?: number;
  seed?: string;
  /** Ends so many simulated seconds after it was set. */
  for_seconds?: number;
  /** `hang`: answer properly after so long; left out: never. `drip`: spread the answer over so long. Other modes: wait so long first. */
  ms?: number;
  /** `status`, `html`, `empty`: the code to answer with. */
  status?: number;
  /** `status`: the Retry-After header. */
  retry_after?: number | string;
  /** `shape`: what the answer looks like; see `shapes/`. */
  shape?: ShapeName;
  /** `shifted`: by how much. */
  offset_ms?: number;
  /** `missing_field`: which one; left out: the fields that matter, in turn. */
  field?: string;
  date?: string;
  user?: number;
  /** The request takes effect and only its answer is spoilt: a rotation that succeeds and is never heard of. */
  after?: boolean;
}
