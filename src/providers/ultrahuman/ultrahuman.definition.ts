import type { ProviderCredentials, ProviderDefinition } from '../provider';
import type { UltrahumanSettings } from './ultrahuman.config';
import { ULTRAHUMAN_ICON } from './ultrahuman.icon';

/** What the vendor's documentation says: https://vision.ultrahuman.com/developer-docs?type=oauth */
export function ultrahumanDefinition(settings: UltrahumanSettings): ProviderDefinition {
  return {
    slug: 'ultrahuman',
    name: 'Ultrahuman',
    iconSvg: ULTRAHUMAN_ICON,
    device: { model: 'ring_air', type: 'ring', name: 'Ultrahuman Ring Air' },
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
    limits: { maxDaysPerFetch: 1, concurrentPerUser: 4, historyDays: null },
    normalizerVersion: 1,
    offers: {
      series: ['heart_rate', 'heart_rate_variability_rmssd', 'skin_temperature', 'steps'],
      daily: ['resting_heart_rate', 'steps', 'vo2_max'],
      sleepFields: [
        'sleep_awake_minutes',
        'sleep_deep_minutes',
        'sleep_efficiency_score',
        'sleep_light_minutes',
        'sleep_rem_minutes',
        'sleep_stages',
        'sleep_time_in_bed_minutes',
        'sleep_total_duration_minutes',
      ],
      scores: ['activity', 'metabolic', 'recovery', 'sleep'],
      workouts: false,
    },
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
