import { Child } from './child';
import type { DemoState } from './state';

/** The one app that the simulated provider knows. */
const CLIENT = { id: 'vitalbase-demo', secret: 'vitalbase-demo-secret' };

/** Who may sign in to the demo; the password is made anew for each database. */
export const ADMIN_EMAIL = 'admin@example.com';

/** Where a portal is usually developed. */
const LOCAL_PORTAL = 'http://localhost:3000';

export interface Running {
  url: string;
  child: Child;
  stop: () => Promise<void>;
}

/** It keeps the tokens that it has issued, so that the connection outlives a restart on another port. */
export async function startSimulator(port: number, stateFile: string, logFile: string): Promise<Running> {
  const child = Child.start({
    name: 'simulator',
    program: 'simulator/main.js',
    args: [
      '--port',
      port,
      '--state-file',
      stateFile,
      '--client-id',
      CLIENT.id,
      '--client-secret',
      CLIENT.secret,
    ].map(String),
    environment: {},
    logFile,
  });
  const stop = () => child.stop();
  try {
    const url = await child.until(() => /"listening": *"([^"]+)"/.exec(child.output)?.[1] ?? null);
    return { url, child, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Everything that the server reads from its environment, as an operator would set it. */
export function serverEnvironment(
  state: DemoState,
  {
    port,
    databaseUrl,
    simulatorUrl,
    journalFolder,
  }: { port: number; databaseUrl: string; simulatorUrl: string; journalFolder: string },
): Record<string, string> {
  const url = `http://127.0.0.1:${port}`;
  return {
    VITALBASE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEYS: `demo:${state.encryptionKey}`,
    API_KEY_PEPPER: state.apiKeyPepper,
    JOURNAL_DIR: journalFolder,
    ALLOW_SIMULATED_PROVIDER: 'true',
    OAUTH_REDIRECT_ORIGINS: `${url},${LOCAL_PORTAL}`,
    ADMIN_EMAIL,
    ADMIN_PASSWORD: state.adminPassword,
    // After a kill the next start takes over an interrupted sync sooner than a production server would.
    SYNC_TICK: '1s',
    SYNC_LEASE: '15s',
    ULTRAHUMAN_CLIENT_ID: CLIENT.id,
    ULTRAHUMAN_CLIENT_SECRET: CLIENT.secret,
    ULTRAHUMAN_REDIRECT_URI: `${url}/api/v1/oauth/ultrahuman/callback`,
    ULTRAHUMAN_AUTHORIZE_URL: `${simulatorUrl}/authorise`,
    ULTRAHUMAN_TOKEN_URL: `${simulatorUrl}/api/partners/oauth/token`,
    ULTRAHUMAN_API_BASE_URL: `${simulatorUrl}/api/partners/v1`,
    // The simulator needs no sparing.
    ULTRAHUMAN_REQUESTS_PER_SECOND: '10000',
    ULTRAHUMAN_CONCURRENT_PER_USER: '4',
  };
}

export async function startServer(environment: Record<string, string>, logFile: string): Promise<Running> {
  const url = `http://127.0.0.1:${environment.PORT}`;
  const child = Child.start({ name: 'server', program: 'src/main.js', environment, logFile });
  const stop = () => child.stop();
  try {
    await child.until(async () => ((await isReady(url)) ? true : null));
    return { url, child, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const isReady = (url: string) =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** By the same program as `npm run key:create`. */
export async function createKey(
  environment: Record<string, string>,
  logFile: string,
): Promise<{ key: string; stop: () => Promise<void> }> {
  const child = Child.start({
    name: 'key maker',
    program: 'scripts/key-create.js',
    args: ['--name', 'demo', '--scopes', 'read,write,connect,sync,ops'],
    environment,
    logFile,
  });
  const key = await child.until(() => /^sk-vb_test_\S+$/m.exec(child.output)?.[0] ?? null);
  return { key, stop: () => child.stop() };
}
