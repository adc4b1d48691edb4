import { startSimulator, type RunningSimulator } from '../../simulator/server';
import { DemoClient } from '../../simulator/testing/demo-client';
import type { LocalDate } from '../../src/health-data/canonical';
import type { RawAnswer } from '../../src/providers/provider';

/** Fixed, so that the generated files change only when the code does. */
const NOW = '2026-03-25T18:40:00Z';
const LAST_DATE = '2026-03-25';
const DAYS = 28;
const DAY_MS = 86_400_000;

/** Four weeks of every persona, the dates in either envelope by turns, over HTTP as a client gets them. */
export async function* simulatedDays(): AsyncGenerator<RawAnswer> {
  const simulator = await startSimulator({ now: NOW });
  try {
    for (const { id } of simulator.control.personas) yield* daysOf(simulator, id);
  } finally {
    await simulator.close();
  }
}

async function* daysOf(simulator: RunningSimulator, persona: number): AsyncGenerator<RawAnswer> {
  const client = new DemoClient(simulator.url);
  const { access_token } = await client.connect(persona);
  for (let ago = 0; ago < DAYS; ago++) {
    simulator.control.setEnvelope(ago % 2 === 0 ? 'e1' : 'e2');
    const date: LocalDate = new Date(Date.parse(LAST_DATE) - ago * DAY_MS).toISOString().slice(0, 10);
    const answer = await client.day(date, access_token);
    yield { date, status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
  }
}
