import 'reflect-metadata';
import { createHash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { AccessTokens } from '../../src/connections/access-tokens.service';
import { Connection } from '../../src/connections/connection.entity';
import { createApp } from '../../src/create-app';
import { DayWriter } from '../../src/sync/day-writer';
import { JobOpener } from '../../src/sync/job-opener';
import { openDays } from '../../src/sync/ledger-opening';
import { Received } from '../../src/sync/received';
import { Retention } from '../../src/sync/retention';
import { SyncCron } from '../../src/sync/sync.cron';
import { ArmedFailpoints } from './harness/armed-failpoints';
import { ScaledClock } from './harness/scaled-clock';
import type { CallMessage, ServerCalls, ServerMessage } from './harness/server-calls';

/** The whole server as a process of the fault suite: as `main.ts` runs it, with the suite's clock and failpoints. */

const tell = (message: ServerMessage) => void process.send?.(message);

const failpoints = new ArmedFailpoints((point) => tell({ reached: point }));
let clock: ScaledClock;
let app: NestFastifyApplication;

const calls: ServerCalls = {
  async boot(start) {
    clock = new ScaledClock(start.clock);
    for (const ambush of start.ambushes) failpoints.arm(ambush);
    app = await createApp([], { clock, failpoints });
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  },

  setClock: async (setting) => clock.set(setting),

  arm: async (ambush) => failpoints.arm(ambush),

  async currentTokens({ userId, callers }) {
    const connection = await app.get(DataSource).manager.findOneByOrFail(Connection, { userId });
    const tokens = app.get(AccessTokens);
    const asked = Array.from({ length: callers }, () => tokens.current(connection));
    const answers = await Promise.allSettled(asked);
    const given = answers.flatMap((it) => (it.status === 'fulfilled' ? [it.value.accessToken] : []));
    const fingerprints = given.map((token) => createHash('sha256').update(token).digest('hex'));
    return {
      tokens: [...new Set(fingerprints)],
      errors: answers.flatMap((it) => (it.status === 'rejected' ? [String(it.reason)] : [])),
    };
  },

  async tick({ times }) {
    await Promise.all(Array.from({ length: times }, () => app.get(SyncCron).tick()));
  },

  async nightly() {
    await app.get(Retention).nightly();
  },

  async storeDays({ lease, dates }) {
    const { manager } = app.get(DataSource);
    await openDays(manager, lease, dates, { at: clock.now(), history: false });
    const job = (await app.get(JobOpener).open(lease))!;
    const access = await app.get(AccessTokens).current(job.connection);
    const fetched = dates.map((date) => job.provider.fetch(access, { from: date, to: date }));
    const answers = (await Promise.all(fetched)).flat();
    const writer = app.get(DayWriter);
    const stored = answers.map((answer) => writer.store(job, new Received(job, answer, clock.now())));
    return (await Promise.all(stored)).map(({ kind }) => kind);
  },
};

process.on('message', ({ id, call, argument }: CallMessage) => {
  const method = calls[call] as (argument: unknown) => Promise<unknown>;
  method(argument).then(
    (result) => tell({ id, result }),
    (error: unknown) => tell({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});

/** As `main.ts` does: what is under way is drained, and the process ends by itself. */
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));

/** The suite is gone, however it ended. */
process.once('disconnect', () => process.exit(1));
