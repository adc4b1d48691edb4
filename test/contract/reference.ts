/** `K`: an API key or a developer. `D`: developers only. `-`: everybody. */
export type Access = 'K' | 'D' | '-';

export interface ReferenceRoute {
  operation: string;
  access: Access;
  /** Who calls it: the portal (`F`), the MCP server (`M`), a curl of their docs (`C`). */
  clients: string;
}

/**
 * All routes of sections 1 to 10 of the contract and of its list of later versions, without `/api/v1`: who may call them,
 * which clients of section 13 do, and what they are. `authorize` is open in the contract, and here where the operator says so.
 */
const TABLE = `
  -  .    GET /
  -  F    GET /static/provider-icons/{file}
  -  .    GET /openapi.json

  -  FC   POST /auth/login
  D  F    POST /auth/logout
  D  F    POST /auth/change-password
  D  F    GET /auth/me
  D  F    PATCH /auth/me
  -  C    POST /token/refresh
  -  .    POST /token/revoke
  D  F    GET /developers
  D  F    GET /developers/{developer_id}
  D  F    PATCH /developers/{developer_id}
  D  F    DELETE /developers/{developer_id}
  D  F    POST /invitations
  D  F    GET /invitations
  D  F    DELETE /invitations/{invitation_id}
  D  F    POST /invitations/{invitation_id}/resend
  -  F    POST /invitations/accept
  D  F    GET /developer/api-keys
  D  FC   POST /developer/api-keys
  D  F    PATCH /developer/api-keys/{key_id}
  D  F    DELETE /developer/api-keys/{key_id}
  D  F    POST /developer/api-keys/{key_id}/rotate

  K  FMC  GET /users
  K  FMC  GET /users/{user_id}
  K  FC   POST /users
  K  F    PATCH /users/{user_id}
  K  F    DELETE /users/{user_id}

  -  FC   GET /oauth/providers
  D  F    PUT /oauth/providers
  D  F    PUT /oauth/providers/{provider}
  K  FC   GET /oauth/{provider}/authorize
  -  .    GET /oauth/{provider}/callback
  -  .    GET /oauth/success
  -  .    GET /oauth/error
  K  FC   GET /users/{user_id}/connections
  K  FC   DELETE /users/{user_id}/connections/{provider}
  K  F    DELETE /users/{user_id}/connections/{provider}/data

  K  FC   POST /providers/{provider}/users/{user_id}/sync
  K  FC   POST /providers/{provider}/users/{user_id}/sync/historical
  K  .    GET /providers/{provider}/users/{user_id}/workouts
  K  .    GET /providers/{provider}/users/{user_id}/workouts/{workout_id}
  K  F    GET /providers/garmin/users/{user_id}/backfill/status
  K  F    POST /providers/garmin/users/{user_id}/backfill/cancel
  K  F    POST /providers/garmin/users/{user_id}/backfill/{type}/retry
  K  FC   GET /users/{user_id}/sync/stream
  K  FC   GET /users/{user_id}/sync/recent
  K  FC   GET /users/{user_id}/sync/runs
  K  FC   GET /sync/runs

  K  FMC  GET /users/{user_id}/timeseries

  K  FC   GET /users/{user_id}/events/sleep
  K  F    DELETE /users/{user_id}/events/sleep/{sleep_id}
  K  FMC  GET /users/{user_id}/events/workouts
  K  F    DELETE /users/{user_id}/events/workouts/{workout_id}
  K  F    GET /users/{user_id}/events/menstrual-cycles
  K  F    DELETE /users/{user_id}/events/menstrual-cycles/{cycle_id}

  K  FMC  GET /users/{user_id}/summaries/activity
  K  FMC  GET /users/{user_id}/summaries/sleep
  K  C    GET /users/{user_id}/summaries/recovery
  K  FC   GET /users/{user_id}/summaries/body
  K  FC   GET /users/{user_id}/summaries/data
  K  .    GET /users/{user_id}/summaries/data/timeline

  K  FC   GET /users/{user_id}/health-scores

  -  FC   GET /meta/coverage
  D  F    GET /config
  D  F    GET /dashboard/stats
  K  C    GET /users/{user_id}/data-sources
  D  F    GET /priorities/providers
  D  F    PUT /priorities/providers
  D  F    PUT /priorities/providers/{provider}
  D  F    GET /priorities/device-types
  D  F    PUT /priorities/device-types
  D  F    PUT /priorities/device-types/{device_type}
  D  F    GET /settings/archival
  D  F    PUT /settings/archival
  D  F    POST /settings/archival/run
  D  F    POST /settings/seed
  D  F    GET /settings/seed/presets
  D  F    GET /settings/seed/sleep-profiles
  D  F    GET /applications
  D  F    POST /applications
  D  F    DELETE /applications/{app_id}
  D  F    POST /applications/{app_id}/rotate-secret
  -  .    POST /users/{user_id}/token
  D  F    POST /users/{user_id}/invitation-code
  -  .    POST /invitation-code/redeem
  K  F    POST /users/{user_id}/import/apple/xml/direct
  K  F    POST /users/{user_id}/import/apple/xml/s3
`;

export const REFERENCE: ReferenceRoute[] = TABLE.split('\n')
  .map((line) => line.trim().split(/ +/))
  .filter(([access]) => access !== '')
  .map(([access, clients, method, path]) => ({
    operation: `${method} ${/^\/($|static|openapi)/.test(path) ? '' : '/api/v1'}${path}`,
    access: access as Access,
    clients: clients === '.' ? '' : clients,
  }));

/** What section 13 lets a server without such things refuse; of workouts and cycles there are lists, if empty ones. */
const MAY_BE_ABSENT =
  /\/(applications|invitation-code|import|garmin)(\/|$)|^DELETE .*\/events\/(workouts|menstrual-cycles)\//;

export const mayBeAbsent = (operation: string): boolean => MAY_BE_ABSENT.test(operation);
