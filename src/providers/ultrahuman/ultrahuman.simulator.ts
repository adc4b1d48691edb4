import type { ProviderDefinition, SimulatedKind, SimulatedVendor, VendorCaller } from '../provider';
import { ProviderError, ProviderPayloadInvalid } from '../provider-errors';
import type { ProviderHttp } from '../provider-http';

/** Who lives in the simulator, by the ids of its personas. */
const PERSONAS: readonly (SimulatedKind & { persona: number })[] = [
  { id: 'steady_adult', label: 'Steady Adult', description: 'Regular nights and days.', persona: 1001 },
  {
    id: 'active_athlete',
    label: 'Active Athlete',
    description: 'Trains a lot, and leaves the ring at home two days a month.',
    persona: 1002,
  },
  {
    id: 'comprehensive',
    label: 'Comprehensive',
    description: 'Ring and glucose sensor, late to bed: every kind of data.',
    persona: 1003,
  },
  {
    id: 'traveller',
    label: 'Traveller',
    description: 'Crosses the date line both ways, half-hour zones and changes of the clocks.',
    persona: 1004,
  },
  {
    id: 'irregular_sleeper',
    label: 'Irregular Sleeper',
    description: 'A night-shift nurse: two sleeps a day, by day between shifts.',
    persona: 1005,
  },
  {
    id: 'sleep_deprived',
    label: 'Short Sleeper',
    description: 'Poor nights in two pieces, and naps.',
    persona: 1006,
  },
  {
    id: 'weekend_off',
    label: 'Weekend Off',
    description: 'The ring is off every fourth weekend.',
    persona: 1008,
  },
  { id: 'minimal', label: 'Minimal', description: 'Joined three days ago: little data.', persona: 1009 },
];

const CALLER: VendorCaller = { connectionId: null, urgency: 'user' };

/** The consent page of the simulator, as a person would use it. */
export class UltrahumanSimulator implements SimulatedVendor {
  readonly kinds = PERSONAS.map(({ id, label, description }) => ({ id, label, description }));
  readonly url: string;

  constructor(
    private readonly http: ProviderHttp,
    private readonly provider: ProviderDefinition,
  ) {
    // Not that of the consent page, which a browser reaches and this server may not, as in containers.
    this.url = new URL(provider.oauth.tokenUrl).origin;
  }

  async isThere(): Promise<boolean> {
    try {
      const { status, body } = await this.http.request({
        provider: this.provider,
        operation: 'simulator_health',
        endpointClass: 'token',
        caller: CALLER,
        method: 'GET',
        url: `${this.url}/__sim/health`,
        timeoutMs: 2_000,
      });
      return status === 200 && body.includes('"status"');
    } catch (error) {
      if (error instanceof ProviderError) return false;
      throw error;
    }
  }

  async consent(authorizationUrl: string, kind: string, number: number): Promise<string> {
    const { pathname, searchParams: asked } = new URL(authorizationUrl);
    const scopes = asked.get('scope') ?? '';
    const form = new URLSearchParams({
      ...Object.fromEntries(
        ['client_id', 'redirect_uri', 'response_type', 'state'].map((name) => [name, asked.get(name) ?? '']),
      ),
      requested_scope: scopes,
      persona: String(PERSONAS.find(({ id }) => id === kind)!.persona),
      copy: String(number),
      decision: 'allow',
    });
    for (const scope of scopes.split(' ')) form.append('scope', scope);
    const { status, headers } = await this.http.request({
      provider: this.provider,
      operation: 'simulator_consent',
      endpointClass: 'token',
      caller: CALLER,
      method: 'POST',
      url: `${this.url}${pathname}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
    if (headers.location !== undefined) return headers.location;
    throw new ProviderPayloadInvalid(
      `the consent page answered ${status} and led nowhere`,
      'unknown_envelope',
    );
  }
}
