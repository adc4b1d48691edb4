import type { ProviderDefinition } from '../providers/provider';
import { providerIconUrl } from '../providers/providers.dto';
import type { Connection, ConnectionAttention, ConnectionStatus, StatusReason } from './connection.entity';

/** A user's link to a provider, and how its data arrives. */
export class ConnectionRead {
  /** @example c04b7d52-1f6e-4a39-8b0d-92e5c7a1d384 */
  id: string;

  /** @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  user_id: string;

  /** The provider's slug, as `GET /api/v1/oauth/providers` lists it */
  provider: string;

  /** The provider's own stable id of the account @example 12345 */
  provider_user_id: string;

  /** The account's name at the provider, where it tells one @example ada@example.com */
  provider_username: string | null;

  /** The scopes that the user granted @example profile */
  scope: string | null;

  /** `active`: synced; `expired`: the user must connect again; `revoked`: disconnected */
  status: ConnectionStatus;

  /** Why it is not active; null while it is. `invalid_grant`: the provider refused to renew the access; `refresh_response_lost`: its answer to a renewal got lost, and it refused to repeat it; `no_refresh_token`: the access is over and cannot be renewed; `disconnected`: by request; `replaced`: the user connected another account @example null */
  status_reason: StatusReason | null;

  /** What keeps data from coming although the connection is active; null when all is well. `account_changed`: the provider now answers for another account, nothing is stored, let the user connect again; `forbidden`: the provider refuses the data, the user must allow it there; `refresh_failing`: renewing the access fails for now, it is tried again by itself @example null */
  attention: ConnectionAttention | null;

  /** When the last sync ended well; until one has, when the user connected @example 2026-08-07T10:00:00.000Z */
  last_synced_at: string;

  /** @example 2026-08-01T09:00:00.000Z */
  created_at: string;

  /** @example 2026-08-07T10:00:00.000Z */
  updated_at: string;

  /** To be resolved against this server's address */
  icon_url: string;

  /** How many days back the provider answers; null where no end is known */
  max_historical_days: number | null;

  /** The server asks the provider for data */
  rest_pull: boolean;

  /** The provider pushes data @example false */
  webhook_stream: boolean;

  /** The provider says that there is new data @example false */
  webhook_ping: boolean;

  /** The provider answers requests later, by a call @example false */
  webhook_callback: boolean;

  /** How new data arrives @example pull */
  live_sync_mode: string | null;

  /** Other users with the same account: always empty, since an account belongs to one user @example [] */
  linked_user_ids: string[];
}

/** @param definition undefined where the provider is no longer part of the server */
export const toConnectionRead = (
  connection: Connection,
  definition: ProviderDefinition | undefined,
): ConnectionRead => ({
  id: connection.id,
  user_id: connection.userId,
  provider: connection.provider,
  provider_user_id: connection.providerUserId,
  provider_username: connection.providerUsername,
  scope: connection.scope,
  status: connection.status,
  status_reason: connection.statusReason,
  attention: connection.attention,
  // Clients of Open Wearables are told a time from the first moment.
  last_synced_at: (connection.lastSyncedAt ?? connection.createdAt).toISOString(),
  created_at: connection.createdAt.toISOString(),
  updated_at: connection.updatedAt.toISOString(),
  icon_url: providerIconUrl(connection.provider),
  max_historical_days: definition?.limits.historyDays ?? null,
  rest_pull: definition !== undefined,
  webhook_stream: false,
  webhook_ping: false,
  webhook_callback: false,
  live_sync_mode: definition ? 'pull' : null,
  linked_user_ids: [],
});
