/**
 * SQL, for `ORDER BY`: of several devices worn at once the one to believe first, by kind of device as in Open
 * Wearables. `d` is the row of `data_source`.
 */
export const BEST_SOURCE_FIRST = `array_position(ARRAY['watch', 'band', 'ring', 'phone', 'scale', 'other'], d.device_type)`;
