import { parseArgs } from 'node:util';
import { isRecord } from './http/exchange';
import { DEFAULTS, isEnvelope, SimulatorOptions } from './options';
import { startSimulator } from './server';

const help = `A simulated Ultrahuman: OAuth, daily metrics and believable lives, for tests and demos.

  --port N            port to listen on (default: any free one)
  --host ADDRESS      address to bind (default ${DEFAULTS.host})
  --seed TEXT         another seed, other lives (default ${DEFAULTS.seed})
  --replay DIR        serve a folder of vendor answers instead of made lives
  --envelope e1|e2    how a day is wrapped (default ${DEFAULTS.envelope})
  --token-ttl SECONDS lifetime of an access token (default ${DEFAULTS.tokenTtlSeconds})
  --token-clock real|simulated
                      the clock that tokens age by (default real)
  --client-id ID      (default ${DEFAULTS.clientId})
  --client-secret S   (default ${DEFAULTS.clientSecret})
  --redirect-uri URI  allow exactly this one; repeatable (default: any loopback address)
  --state-file FILE   remember issued tokens over a restart
  --now ISO           freeze the simulated clock there; with --speed: start it there
  --speed N           simulated seconds a real second, for example 60
  --ui-noise on|off   whether titles, colours and the like differ each time (default on)
  --parent-pid N      exit when that process is gone
  --help              this text

One JSON line on standard output says where it listens.
`;

function readFlags() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      port: text,
      host: text,
      seed: text,
      replay: text,
      envelope: text,
      'token-ttl': text,
      'token-clock': text,
      'client-id': text,
      'client-secret': text,
      'redirect-uri': { type: 'string', multiple: true },
      'state-file': text,
      now: text,
      speed: text,
      'ui-noise': text,
      'parent-pid': text,
      help: { type: 'boolean', short: 'h' },
    },
  });
  return values;
}

function toOptions(flags: ReturnType<typeof readFlags>): SimulatorOptions {
  const { envelope, 'token-clock': tokenClock } = flags;
  if (envelope !== undefined && !isEnvelope(envelope)) throw new Error('--envelope must be e1 or e2');
  if (tokenClock !== undefined && tokenClock !== 'real' && tokenClock !== 'simulated')
    throw new Error('--token-clock must be real or simulated');
  return {
    port: portNumber(flags.port),
    host: flags.host,
    seed: flags.seed,
    replay: flags.replay,
    envelope,
    tokenTtlSeconds: wholeNumber('--token-ttl', flags['token-ttl']),
    tokenClock,
    clientId: flags['client-id'],
    clientSecret: flags['client-secret'],
    redirectUris: flags['redirect-uri'],
    stateFile: flags['state-file'],
    now: flags.now,
    speed: speed(flags.speed),
    uiNoise: onOff('--ui-noise', flags['ui-noise']),
  };
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`${flag} must be a whole number, not "${text}"`);
  return Number(text);
}

function speed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`--speed must be a number, not "${text}"`);
  return Number(text);
}

function onOff(flag: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text !== 'on' && text !== 'off') throw new Error(`${flag} must be on or off, not "${text}"`);
  return text === 'on';
}

function portNumber(text: string | undefined): number | undefined {
  const port = wholeNumber('--port', text);
  if (port !== undefined && port > 65_535) throw new Error(`--port must be below 65536, not ${port}`);
  return port;
}

/** A killed demo cannot stop its children, so they look for themselves. */
function watchParent(pid: number, stop: () => void): void {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch (error) {
      if (isRecord(error) && error.code === 'ESRCH') stop();
    }
  }, 1000).unref();
}

async function main(): Promise<void> {
  const flags = readFlags();
  if (flags.help) return void process.stdout.write(help);
  const simulator = await startSimulator(toOptions(flags));
  const stop = () => void simulator.close().finally(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const parent = wholeNumber('--parent-pid', flags['parent-pid']);
  if (parent !== undefined) watchParent(parent, stop);
  process.stdout.write(`${JSON.stringify({ listening: simulator.url })}\n`);
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!isRecord(error) || error.code !== 'EADDRINUSE') return error.message;
  return `port ${String(error.port)} is taken; choose another with --port, or leave it out for a free one`;
}

main().catch((error: unknown) => {
  process.stderr.write(`simulator: ${explain(error)}\n`);
  process.exit(1);
});
