import type { ScopeName } from '../access/scope';

export type Access = ScopeName | 'developer' | 'public';

/** A route of Open Wearables for something that this product does not have. */
export interface AbsentRoute {
  /** In the API document. */
  id: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With `{user_id}` in it, an unknown user is answered 404 first. */
  path: string;
  access: Access;
  tag: string;
  summary: string;
  status: 501 | 503;
  /** `{provider}` stands for what the path says. */
  detail: string;
  /** Clients send a file. */
  multipart?: true;
}

const NO_WORKOUTS = {
  method: 'GET',
  access: 'read',
  tag: 'Providers',
  status: 501,
  detail: "Provider '{provider}' does not support workouts",
} as const;

const NO_WEBHOOK_BACKFILL = {
  tag: 'Sync',
  status: 501,
  detail:
    'Backfills of Garmin are not supported: this server has no such provider. History of a provider that is pulled is read ' +
    'with POST /api/v1/providers/{provider}/users/{user_id}/sync/historical.',
} as const;

const NO_IMPORT = {
  method: 'POST',
  access: 'write',
  tag: 'Users',
  status: 501,
  detail:
    'Apple Health exports are not supported: this server reads from the providers that GET /api/v1/oauth/providers lists.',
} as const;

const NO_APPLICATIONS = {
  tag: 'Users',
  status: 501,
  detail:
    'SDK applications are not supported: this server has no mobile SDK. Server and client apps use an API key instead.',
} as const;

const NO_WEBHOOKS = {
  access: 'developer',
  tag: 'Operations',
  status: 503,
  detail:
    'Outgoing webhooks are not available in this version, and no setting turns them on yet. Follow a user with ' +
    'GET /api/v1/users/{user_id}/sync/stream, or all users with GET /api/v1/sync/runs.',
} as const;

const WORKOUTS = 'providers/{provider}/users/{user_id}/workouts';
const BACKFILL = 'providers/garmin/users/{user_id}/backfill';
const ENDPOINT = 'webhooks/endpoints/{endpoint_id}';

export const ABSENT_ROUTES: readonly AbsentRoute[] = [
  { ...NO_WORKOUTS, id: 'vendorWorkouts', path: WORKOUTS, summary: "List a provider's own workouts" },
  {
    ...NO_WORKOUTS,
    id: 'vendorWorkout',
    path: `${WORKOUTS}/{workout_id}`,
    summary: "Read a provider's own workout",
  },

  {
    ...NO_WEBHOOK_BACKFILL,
    id: 'garminBackfillStatus',
    method: 'GET',
    path: `${BACKFILL}/status`,
    access: 'read',
    summary: 'Read the state of a Garmin backfill',
  },
  {
    ...NO_WEBHOOK_BACKFILL,
    id: 'garminBackfillCancel',
    method: 'POST',
    path: `${BACKFILL}/cancel`,
    access: 'sync',
    summary: 'Cancel a Garmin backfill',
  },
  {
    ...NO_WEBHOOK_BACKFILL,
    id: 'garminBackfillRetry',
    method: 'POST',
    path: `${BACKFILL}/{type}/retry`,
    access: 'sync',
    summary: 'Retry one kind of a Garmin backfill',
  },

  {
    ...NO_IMPORT,
    id: 'importAppleXml',
    path: 'users/{user_id}/import/apple/xml/direct',
    summary: 'Import an Apple Health export',
    multipart: true,
  },
  {
    ...NO_IMPORT,
    id: 'importAppleXmlFromS3',
    path: 'users/{user_id}/import/apple/xml/s3',
    summary: 'Prepare the upload of an Apple Health export',
  },

  {
    ...NO_APPLICATIONS,
    id: 'listApplications',
    method: 'GET',
    path: 'applications',
    access: 'developer',
    summary: 'List SDK applications',
  },
  {
    ...NO_APPLICATIONS,
    id: 'createApplication',
    method: 'POST',
    path: 'applications',
    access: 'developer',
    summary: 'Create an SDK application',
  },
  {
    ...NO_APPLICATIONS,
    id: 'deleteApplication',
    method: 'DELETE',
    path: 'applications/{app_id}',
    access: 'developer',
    summary: 'Delete an SDK application',
  },
  {
    ...NO_APPLICATIONS,
    id: 'rotateApplicationSecret',
    method: 'POST',
    path: 'applications/{app_id}/rotate-secret',
    access: 'developer',
    summary: "Replace an SDK application's secret",
  },
  {
    // An application shows its id and secret in the body, which there is nobody to check.
    ...NO_APPLICATIONS,
    id: 'createSdkToken',
    method: 'POST',
    path: 'users/{user_id}/token',
    access: 'public',
    summary: 'Get an SDK token for a user',
  },
  {
    ...NO_APPLICATIONS,
    id: 'createInvitationCode',
    method: 'POST',
    path: 'users/{user_id}/invitation-code',
    access: 'developer',
    summary: "Get a code that signs in a user's SDK",
  },
  {
    ...NO_APPLICATIONS,
    id: 'redeemInvitationCode',
    method: 'POST',
    path: 'invitation-code/redeem',
    access: 'public',
    summary: 'Exchange an invitation code for an SDK token',
  },

  {
    ...NO_WEBHOOKS,
    id: 'listWebhookEventTypes',
    method: 'GET',
    path: 'webhooks/event-types',
    access: 'public',
    summary: 'List the events that webhooks tell',
  },
  {
    ...NO_WEBHOOKS,
    id: 'createWebhookEndpoint',
    method: 'POST',
    path: 'webhooks/endpoints',
    summary: 'Add a webhook endpoint',
  },
  {
    ...NO_WEBHOOKS,
    id: 'listWebhookEndpoints',
    method: 'GET',
    path: 'webhooks/endpoints',
    summary: 'List webhook endpoints',
  },
  {
    ...NO_WEBHOOKS,
    id: 'getWebhookEndpoint',
    method: 'GET',
    path: ENDPOINT,
    summary: 'Read a webhook endpoint',
  },
  {
    ...NO_WEBHOOKS,
    id: 'updateWebhookEndpoint',
    method: 'PATCH',
    path: ENDPOINT,
    summary: 'Change a webhook endpoint',
  },
  {
    ...NO_WEBHOOKS,
    id: 'deleteWebhookEndpoint',
    method: 'DELETE',
    path: ENDPOINT,
    summary: 'Delete a webhook endpoint',
  },
  {
    ...NO_WEBHOOKS,
    id: 'getWebhookSecret',
    method: 'GET',
    path: `${ENDPOINT}/secret`,
    summary: "Read a webhook endpoint's secret",
  },
  {
    ...NO_WEBHOOKS,
    id: 'testWebhookEndpoint',
    method: 'POST',
    path: `${ENDPOINT}/test`,
    summary: 'Send a test event to a webhook endpoint',
  },
  {
    ...NO_WEBHOOKS,
    id: 'listWebhookAttempts',
    method: 'GET',
    path: `${ENDPOINT}/attempts`,
    summary: 'List the deliveries to a webhook endpoint',
  },
  {
    ...NO_WEBHOOKS,
    id: 'listWebhookMessages',
    method: 'GET',
    path: 'webhooks/messages',
    summary: 'List the messages that webhooks sent',
  },
];
