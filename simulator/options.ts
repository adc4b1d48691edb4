export type Envelope = 'e1' | 'e2';

export type TokenClock = 'real' | 'simulated';

export interface SimulatorOptions {
  /** 0 (the default) takes a free port. */
  port?: number;
  host?: string;
  /** Another seed is another life for the same personas. */
  seed?: string;
  /** A folder of vendor answers to serve instead of the made life. */
  replay?: string;
  envelope?: Envelope;
  tokenTtlSeconds?: number;
  /** Which clock tokens age by; `simulated` for a client whose own clock is moved along with it. */
  tokenClock?: TokenClock;
  clientId?: string;
  clientSecret?: string;
  /** When given, a redirect URI must equal one of them; otherwise any loopback address is accepted. */
  redirectUris?: string[];
  /** Keeps issued tokens over a restart. */
  stateFile?: string;
  /** Where the simulated clock starts (ISO 8601); without a speed it stands still there. */
  now?: string;
  /** Simulated seconds a real second. */
  speed?: number;
  /** Whether the screen part of a day's answer differs each time; off: same data, same bytes. */
  uiNoise?: boolean;
}

export const DEFAULTS = {
  port: 0,
  host: '127.0.0.1',
  seed: 'vitalbase',
  envelope: 'e1' as Envelope,
  tokenTtlSeconds: 86_400,
  uiNoise: true,
  clientId: 'vitalbase-demo',
  clientSecret: 'vitalbase-demo-secret',
};

export function isEnvelope(value: unknown): value is Envelope {
  return value === 'e1' || value === 'e2';
}
