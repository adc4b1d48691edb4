/** For names that nobody has given a priority. */
const LAST = 100;

const ranking = (table: string, name: string) =>
  `coalesce(((SELECT jsonb_object_agg(${name}, priority) FROM ${table}) -> d.${name})::int, ${LAST})`;

/**
 * SQL, for `ORDER BY`: of several sources of one date the one to believe first, as in Open Wearables by the priority of
 * the provider, then by that of the kind of device, then by the model. `d` is the row of `data_source`. The priorities
 * are read once a query, not once a row.
 */
export const BEST_SOURCE_FIRST = [
  ranking('provider_priority', 'provider'),
  ranking('device_type_priority', 'device_type'),
  'd.device_model',
].join(', ');
