import { startSimulator, type RunningSimulator } from '../simulator/server';
import { startApp, type TestApp } from './support/app';
import { syncFinished } from './support/sync-finished';
import { connectPersona, simulatedBy } from './support/vendor-connection';

interface Seen {
  kind: string;
  name: string;
  reason: string | null;
  count: number;
  sample: { path: string; json_type: string; length: number | null; literal: string | null };
}

/** From the vendor's answer to the operator, through everything between. */
describe('a vendor that begins to send something else', () => {
  let simulator: RunningSimulator;
  let server: TestApp;

  beforeAll(async () => {
    simulator = await startSimulator();
    server = await startApp({ ...simulatedBy(simulator), SYNC_TICK: '100ms', BACKFILL_DAYS: '3' });
  });
  afterAll(async () => {
    await server?.close();
    await simulator?.close();
  });
  beforeEach(async () => {
    simulator.control.clearFaults();
    await server.sql('TRUNCATE drift_sighting');
  });

  /** What a new user's first days bring up while the answers have this shape. */
  async function driftOf(
    persona: number,
    shape: 'new_type' | 'new_field' | 'new_enum_value' | 'out_of_range',
  ) {
    simulator.control.addFault({ route: 'metrics', mode: 'shape', shape });
    const userId = await connectPersona(server, persona);
    const run = await syncFinished(server, userId);
    const { body } = await server.request('GET', '/api/v1/ops/drift?limit=1000');
    const record = await server.request('GET', `/api/v1/users/${userId}/sync/runs/${String(run.run_id)}`);
    const seen: Seen[] = body.data;
    const { rejected, unmapped, days_stored } = record.body.details;
    return { seen, rejected, unmapped, daysStored: Number(days_stored) };
  }
  const inRecord = (seen: Seen[], wanted: (one: Seen) => boolean, nameOf: (one: Seen) => string) =>
    Object.fromEntries(seen.filter(wanted).map((one) => [nameOf(one), one.count]));

  it('shows a new type in its table, in the record of the run and in the metrics', async () => {
    const { seen, unmapped, daysStored } = await driftOf(1001, 'new_type');
    expect(daysStored).toBeGreaterThan(2);
    expect(seen.filter(({ kind }) => kind === 'type')).toMatchObject([
      {
        name: 'stress_rhythm_score',
        count: daysStored,
        sample: { path: 'stress_rhythm_score', json_type: 'object', length: 3, literal: null },
      },
    ]);
    expect(unmapped).toEqual({ stress_rhythm_score: daysStored });
    const { body } = await server.request('GET', '/metrics');
    expect(body).toContain(
      `vitalbase_drift_sightings_total{provider="ultrahuman",kind="type",name="stress_rhythm_score"} ${daysStored}\n`,
    );
  });

  it('shows a new field wherever it comes up, without its value', async () => {
    const { seen, unmapped } = await driftOf(1002, 'new_field');
    const fields = seen.filter(({ kind }) => kind === 'field');
    const names = fields.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['hr.sensor_confidence', 'sleep.sensor_confidence']));
    expect(new Set(fields.map(({ sample }) => JSON.stringify({ ...sample, path: '' })))).toEqual(
      new Set([JSON.stringify({ path: '', json_type: 'number', length: null, literal: null })]),
    );
    expect(unmapped).toEqual(
      inRecord(
        seen,
        ({ kind }) => kind !== 'rejected',
        ({ name }) => name,
      ),
    );
    expect(JSON.stringify(await server.sql('SELECT * FROM drift_sighting'))).not.toContain('0.87');
  });

  it('shows a new word of a closed list by the word', async () => {
    const { seen } = await driftOf(1003, 'new_enum_value');
    const words = seen.filter(({ kind }) => kind === 'value').map(({ sample }) => sample.literal);
    expect(words).toEqual(expect.arrayContaining(['lucid_sleep', 'superb']));
  });

  it('shows what is out of range, by path and reason', async () => {
    const { seen, rejected } = await driftOf(1004, 'out_of_range');
    const refused = seen.filter(({ kind }) => kind === 'rejected');
    expect(refused).toContainEqual(
      expect.objectContaining({ name: 'spo2:out_of_range', reason: 'out_of_range' }),
    );
    expect(rejected).toEqual(
      inRecord(
        seen,
        ({ kind }) => kind === 'rejected',
        ({ sample, reason }) => `${sample.path} ${reason}`,
      ),
    );
    for (const { sample } of refused) expect(sample.literal).toBeNull();
  });

  it('counts an answer that is all about another day, keeps it apart and stores nothing', async () => {
    simulator.control.addFault({ route: 'metrics', mode: 'other_day', user: 1012 });
    const userId = await connectPersona(server, 1012);
    const run = await syncFinished(server, userId);
    expect(run).toMatchObject({ status: expect.not.stringMatching('success') });
    const { body } = await server.request('GET', `/api/v1/users/${userId}/sync/runs/${String(run.run_id)}`);
    const { days_stored, rejected, failed_days } = body.details;
    expect([days_stored, rejected['hr other_day'] > 0]).toEqual([0, true]);
    expect(new Set(failed_days.map(({ reason }: { reason: string }) => reason))).toEqual(
      new Set(['payload_invalid']),
    );
    const kept = await server.sql(`SELECT DISTINCT reason FROM raw_reject WHERE user_id = $1`, [userId]);
    expect(kept).toEqual([{ reason: 'other_day' }]);
    const drift = await server.request('GET', '/api/v1/ops/drift?kind=rejected&limit=1000');
    expect(drift.body.data.map(({ name }: Seen) => name)).toContain('hr:other_day');
  });
});
