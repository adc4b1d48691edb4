export class UserCount {
  /** @example 1204 */
  count: number;
}

export class ActiveConnectionCount {
  /** Connections that are being synced @example 1180 */
  count: number;
}

export class DataPointCount {
  /** Samples and daily values @example 48120331 */
  count: number;

  /** Samples of which only what their day comes to is kept @example 0 */
  archived: number;
}

export class EventRecordCount {
  /** @example 36120 */
  count: number;

  /** @example 0 */
  workouts: number;

  /** Nights and naps @example 36120 */
  sleep: number;

  /** @example 0 */
  menstrual_cycles: number;
}

export class ProviderConnections {
  /** Slug of the provider */
  provider: string;

  /** Active connections @example 1180 */
  count: number;
}

export class ConnectionsCoverage {
  /** Users with an active connection @example 1180 */
  users_with_active: number;

  /** Users with more than one @example 0 */
  users_with_multi_active: number;

  /** Those with the most active connections, up to six */
  top_providers: ProviderConnections[];
}

export class DashboardStats {
  total_users: UserCount;
  active_conn: ActiveConnectionCount;

  /** In a large database an estimate, as is `event_records` */
  data_points: DataPointCount;
  event_records: EventRecordCount;
  connections_coverage: ConnectionsCoverage;
}
