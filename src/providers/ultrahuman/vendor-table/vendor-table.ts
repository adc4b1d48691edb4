import { CURVE_FIELDS } from './curve-fields';
import { SCALAR_FIELDS } from './scalar-fields';
import { SERIES_FIELDS } from './series-fields';
import { ENVELOPE_FIELDS, SHARED_FIELDS } from './shared-fields';
import { SLEEP_FIELDS } from './sleep-fields';
import type { VendorField } from './vendor-field';

/**
 * Every field that the vendor is known to send: what it is in the metric catalogue, where it is found on our side and
 * in which unit it comes, or why it is ignored. The normalizers read it; what is not in it is counted as not
 * understood. Of several paths to one place the first that holds something counts.
 */
export const VENDOR_TABLE: readonly VendorField[] = [
  ...SLEEP_FIELDS,
  ...CURVE_FIELDS,
  ...SERIES_FIELDS,
  ...SCALAR_FIELDS,
  ...SHARED_FIELDS,
  ...ENVELOPE_FIELDS,
];
