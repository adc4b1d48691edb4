import type { ProviderDefinition } from '../../src/providers/provider';
import type { AcmeBandSettings } from './acme-band.config';

export function acmeBandDefinition({ ACME_BAND_URL: vendor }: AcmeBandSettings): ProviderDefinition {
  return {
    slug: 'acme-band',
    name: 'Acme Band',
    iconSvg:
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="3" y="9" width="18" height="6" rx="3"/></svg>',
    devices: [{ model: 'band_1', type: 'band', name: 'Acme Band One' }],
    oauth: {
      authorizeUrl: `${vendor}/oauth/authorize`,
      tokenUrl: `${vendor}/oauth/token`,
      revokeUrl: null,
      scopes: ['pulse', 'steps'],
      scopeSeparator: ',',
      pkce: true,
      clientAuthentication: 'basic',
    },
    credentials: vendor
      ? {
          clientId: 'vitalbase',
          clientSecret: 'acme-secret',
          redirectUri: 'http://localhost:8000/api/v1/oauth/acme-band/callback',
        }
      : null,
    missingSettings: vendor ? [] : ['ACME_BAND_URL'],
    limits: {
      maxDaysPerFetch: 7,
      requestsPerSecond: 100,
      concurrentPerUser: 1,
      rateLimitScope: 'app',
      historyDays: 90,
    },
    normalizerVersion: 1,
    // Its one list holds pairs: they are told apart by their place.
    listKeys: [],
    offers: {
      series: ['heart_rate'],
      daily: ['steps'],
      sleepFields: ['sleep_total_duration_minutes', 'sleep_time_in_bed_minutes'],
      scores: ['recovery'],
      workouts: false,
    },
  };
}
