import { SimClock } from './clock';
import { FaultBoard } from './faults/fault-board';
import { Latency } from './http/latency';
import { RateLimiter } from './http/rate-limiter';
import { RequestLog } from './http/request-log';
import { Ledger } from './ledger/ledger';
import { OAuthClient } from './oauth/client';
import { GrantStore } from './oauth/grant-store';
import { loadState, saveState } from './oauth/state-file';
import { DEFAULTS, Envelope, SimulatorOptions } from './options';
import { ReplayShelf } from './replay/replay-shelf';
import { LifeBook } from './truth/life-book';
import { UiNoise } from './vendor/ui-noise';

/** Everything a running simulator knows. */
export interface World {
  clock: SimClock;
  life: LifeBook;
  client: OAuthClient;
  grants: GrantStore;
  faults: FaultBoard;
  requests: RequestLog;
  ledger: Ledger;
  latency: Latency;
  limiter: RateLimiter;
  noise: UiNoise;
  replay: ReplayShelf;
  envelope: Envelope;
  /** How far the vendor's own clock is off: seen in `Date` and `created_at`. */
  skewSeconds: number;
}

export function createWorld(options: SimulatorOptions): World {
  const clock = new SimClock(options.now, options.speed);
  const { stateFile } = options;
  const saved = loadState(stateFile);
  const anchor = saved?.anchor ?? clock.now();
  const ledger = new Ledger();
  const replay = new ReplayShelf();
  if (options.replay !== undefined) replay.load({ dir: options.replay });
  return {
    clock,
    life: new LifeBook(options.seed ?? DEFAULTS.seed, anchor),
    client: {
      id: options.clientId ?? DEFAULTS.clientId,
      secret: options.clientSecret ?? DEFAULTS.clientSecret,
      redirectUris: options.redirectUris ?? [],
    },
    grants: new GrantStore({
      tokenTtlSeconds: options.tokenTtlSeconds ?? DEFAULTS.tokenTtlSeconds,
      grants: saved?.grants,
      ledger,
      now: options.tokenClock === 'simulated' ? () => clock.now() : undefined,
      onChange: stateFile === undefined ? undefined : (grants) => saveState(stateFile, { anchor, grants }),
    }),
    faults: new FaultBoard(() => clock.now()),
    requests: new RequestLog(),
    ledger,
    latency: new Latency(),
    limiter: new RateLimiter(),
    noise: new UiNoise(options.uiNoise ?? DEFAULTS.uiNoise),
    replay,
    envelope: options.envelope ?? DEFAULTS.envelope,
    skewSeconds: 0,
  };
}
