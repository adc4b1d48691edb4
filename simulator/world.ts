import { SimClock } from './clock';
import { FaultBoard } from './faults';
import { RequestLog } from './http/request-log';
import { OAuthClient } from './oauth/client';
import { GrantStore } from './oauth/grant-store';
import { loadState, saveState } from './oauth/state-file';
import { DEFAULTS, Envelope, SimulatorOptions } from './options';
import { ReplayShelf } from './replay/replay-shelf';
import { LifeBook } from './truth/life-book';

/** Everything a running simulator knows. */
export interface World {
  clock: SimClock;
  life: LifeBook;
  client: OAuthClient;
  grants: GrantStore;
  faults: FaultBoard;
  requests: RequestLog;
  replay: ReplayShelf;
  envelope: Envelope;
}

export function createWorld(options: SimulatorOptions): World {
  const clock = new SimClock(options.now);
  const { stateFile } = options;
  const saved = loadState(stateFile);
  const anchor = saved?.anchor ?? clock.now();
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
      onChange: stateFile === undefined ? undefined : (grants) => saveState(stateFile, { anchor, grants }),
    }),
    faults: new FaultBoard(),
    requests: new RequestLog(),
    replay,
    envelope: options.envelope ?? DEFAULTS.envelope,
  };
}
