import { startSimulator, type RunningSimulator } from '../simulator/server';
import { startApp, type TestApp } from './support/app';
import { compareWithTruth } from './support/differential/comparison';
import type { Difference } from './support/differential/difference';
import { report } from './support/differential/report';
import { syncFinished } from './support/sync-finished';
import { connectPersona, simulatedBy } from './support/vendor-connection';

const DAYS = 30;
const PERSONA = 1003;
const dateAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** Connect and do nothing more: by its own clock and its own claim loop the server has the last month a moment later. */
describe('the main job', () => {
  let simulator: RunningSimulator;
  let server: TestApp;
  let user: string;
  let connectedAt: Date;
  let run: Record<string, unknown>;

  beforeAll(async () => {
    simulator = await startSimulator();
    server = await startApp({ ...simulatedBy(simulator), SYNC_TICK: '100ms' });
    connectedAt = new Date();
    user = await connectPersona(server, PERSONA);
    run = await syncFinished(server, user);
  });
  afterAll(async () => {
    await server?.close();
    await simulator?.close();
  });

  it('backfills by itself after the sign-in', () => {
    expect(run).toMatchObject({
      provider: 'ultrahuman',
      source: 'backfill',
      status: 'success',
      stage: 'completed',
    });
  });

  it('serves the month as it was lived', async () => {
    // All that there is: our own scores look back at it.
    const truth = simulator.control.truth(PERSONA, dateAgo(DAYS), dateAgo(-1));
    const compared = await compareWithTruth(server, { persona: PERSONA, user, truth, connectedAt });
    // Today grows while the test runs.
    const settled = ({ date }: Difference) => date !== null && date <= dateAgo(2);
    const told = report([{ ...compared, differences: compared.differences.filter(settled) }], DAYS);
    expect(compared.values).toBeGreaterThan(20_000);
    expect(told).toContain('differences between API and truth: 0 over');
  });
});
