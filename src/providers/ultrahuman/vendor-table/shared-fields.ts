import { ignored, type VendorField } from './vendor-field';

/** Keys that mean the same wherever they stand: what the app shows around the data, and what tells its day and unit. */
export const SHARED_FIELDS: readonly VendorField[] = [
  {
    path: '*.day_start_timestamp',
    canonical: 'local_date',
    place: { in: 'calendar' },
    unit: 'epoch_seconds',
  },
  { path: '*.unit', canonical: 'unit', place: { in: 'check' }, unit: null },
  ...ignored('title', '*.title', '*.state_title'),
  ...ignored('text', '*.subtitle', '*.display_text', '*.stage_time_text', '*.status', '*.badge'),
  ...ignored('text', '*.detail_text', '*.detail_unit_text'),
  ...ignored('html', '*.display_text_marked_up'),
  ...ignored('colour', '*.color', '*.tag_color'),
  ...ignored('icon', '*.icon_url'),
  ...ignored('deeplink', '*.deeplink', '*.infoDeeplink', '*.education_modal_deeplink'),
  ...ignored('trend', '*.trend_title', '*.trend_direction'),
  ...ignored('tracking', '*.tracking_params'),
];

/** What lies around the metrics: `$` is the answer itself. */
export const ENVELOPE_FIELDS: readonly VendorField[] = [
  { path: '$.status', canonical: 'status', place: { in: 'check' }, unit: null },
  { path: '$.error', canonical: 'error', place: { in: 'check' }, unit: null },
  { path: '$.data.metric_data', canonical: 'metrics', place: { in: 'check' }, unit: null },
  { path: '$.data.metrics', canonical: 'local_date', place: { in: 'calendar' }, unit: null },
  { path: '$.data.latest_time_zone', canonical: 'time_zone', place: { in: 'calendar' }, unit: null },
];
