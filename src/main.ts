import './config/required-node';
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { checkedSettings, durationMs, setDatabaseUrl, type ServerSettings } from './config/env';
import { SettingsError } from './config/settings';
import { createApp } from './create-app';
import type { EmbeddedPostgres } from './database/embedded-postgres';

/** For everything behind the days in hand: with the default, the end comes within half a minute. */
const AFTER_DRAIN_MS = 8_000;

const logger = new Logger('Vitalbase');

async function main(): Promise<void> {
  const settings = checkedSettings();
  const postgres = settings.EMBEDDED_POSTGRES ? await startPostgres(settings) : undefined;
  try {
    await serve(settings, postgres);
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

async function serve(
  { HOST, PORT, ROLE, DRAIN_TIMEOUT }: ServerSettings,
  postgres?: EmbeddedPostgres,
): Promise<void> {
  const app = await createApp();
  await app.listen(PORT, HOST);
  const url = await app.getUrl();
  const page = ROLE === 'worker' ? 'Syncing only' : `API page: ${url}/docs`;
  logger.log(`Listening on ${url} after ${Math.round(performance.now())} ms. ${page}`);
  // One handler, in this order: Nest's own would end the process by signal, before PostgreSQL is stopped.
  const stop = async () => {
    await inTime(app.close(), durationMs(DRAIN_TIMEOUT) + AFTER_DRAIN_MS);
    await postgres?.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop().catch(fail));
}

/**
 * A request that never ends does not hold up the end: by then the connections have been handed back, and whatever was not
 * committed counts for nothing.
 */
async function inTime(closing: Promise<void>, patienceMs: number): Promise<void> {
  let patience: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    patience = setTimeout(() => {
      logger.warn('Something did not come to its end in time; the server stops all the same.');
      resolve();
    }, patienceMs);
  });
  await Promise.race([closing, enough]);
  clearTimeout(patience);
}

/** Imported only when asked for: the package is optional and left out of the image. */
async function startPostgres({ EMBEDDED_POSTGRES_DIR }: ServerSettings): Promise<EmbeddedPostgres> {
  const { startEmbeddedPostgres } = await import('./database/embedded-postgres');
  const postgres = await startEmbeddedPostgres({
    directory: EMBEDDED_POSTGRES_DIR,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  setDatabaseUrl(postgres.url);
  return postgres;
}

function fail(error: unknown): never {
  if (error instanceof SettingsError) process.stderr.write(`${[...new Set(error.mistakes)].join('\n')}\n`);
  else
    process.stderr.write(
      `Vitalbase has to stop: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  process.exit(1);
}

main().catch(fail);
