import type { ProviderCredentials, ProviderDefinition } from '../provider';
import type { UltrahumanSettings } from './ultrahuman.config';
import { ULTRAHUMAN_ICON } from './ultrahuman.icon';
import { ULTRAHUMAN_OFFERS } from './ultrahuman.offers';

/** The vendor's glucose sensor answers through the same account, without saying which device measured. */
const DEVICES: ProviderDefinition['devices'] = [
  { model: 'ring_air', type: 'ring', name: 'Ultrahuman Ring Air' },
  {
    model: 'cgm',
    type: 'other',
    name: 'Ultrahuman CGM',
    measures: {
      codes: [
        'blood_glucose',
        'average_glucose',
        'glucose_variability',
        'hba1c_estimate',
        'glucose_time_in_target',
      ],
      scores: ['metabolic'],
    },
  },
];

/** Metrics, stages and movements have a type, points an instant, sleeps and intervals their ends. Titles come and go. */
const LIST_KEYS = [
  'type',
  'timestamp',
  'start',
  'end',
  'startTime',
  'endTime',
  'bedtime_start',
  'bedtime_end',
  'day_start_timestamp',
];

/** What the vendor's documentation says: https://vision.ultrahuman.com/developer-docs?type=oauth */
export function ultrahumanDefinition(settings: UltrahumanSettings): ProviderDefinition {
  return {
    slug: 'ultrahuman',
    name: 'Ultrahuman',
    iconSvg: ULTRAHUMAN_ICON,
    devices: DEVICES,
    oauth: {
      authorizeUrl: settings.ULTRAHUMAN_AUTHORIZE_URL,
      tokenUrl: settings.ULTRAHUMAN_TOKEN_URL,
      revokeUrl: settings.ULTRAHUMAN_TOKEN_URL.replace(/token\/?$/, 'revoke'),
      scopes: settings.ULTRAHUMAN_DEFAULT_SCOPE.split(' '),
      scopeSeparator: ' ',
      // Not offered: the server ignores a code challenge.
      pkce: false,
      clientAuthentication: 'body',
    },
    credentials: credentials(settings),
    missingSettings: missingSettings(settings),
    // No retention limit and no rate limit are published; accounts of five months were read to their first day.
    limits: {
      maxDaysPerFetch: 1,
      requestsPerSecond: settings.ULTRAHUMAN_REQUESTS_PER_SECOND,
      concurrentPerUser: settings.ULTRAHUMAN_CONCURRENT_PER_USER,
      // Nobody has met a 429 yet: docs/adr/0008-vendor-budgets.md.
      rateLimitScope: 'unknown',
      historyDays: null,
    },
    normalizerVersion: 2,
    listKeys: LIST_KEYS,
    offers: ULTRAHUMAN_OFFERS,
  };
}

function credentials(settings: UltrahumanSettings): ProviderCredentials | null {
  const { ULTRAHUMAN_CLIENT_ID: clientId, ULTRAHUMAN_CLIENT_SECRET: clientSecret } = settings;
  if (clientId === undefined || clientSecret === undefined) return null;
  return { clientId, clientSecret, redirectUri: settings.ULTRAHUMAN_REDIRECT_URI };
}

const missingSettings = (settings: UltrahumanSettings): string[] =>
  (['ULTRAHUMAN_CLIENT_ID', 'ULTRAHUMAN_CLIENT_SECRET'] as const).filter(
    (name) => settings[name] === undefined,
  );
