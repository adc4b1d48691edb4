import { PERSONAS } from '../simulator/life/personas';
import { SCENARIOS } from '../simulator/scenarios/scenarios';
import { SHAPE_NAMES } from '../simulator/shapes/shapes';
import { KnobWorld, only } from './support/knobs/knob-world';
import {
  CONTROL_KNOBS,
  NO_KNOBS,
  PERSONA_FINDINGS,
  SCENARIO_KNOBS,
  SHAPE_KNOBS,
} from './support/knobs/knobs';

/** As for the faults: whatever the vendor does, an operator is told the one thing that it is. */
describe('every shape, control, scenario and persona of the simulator has one right finding', () => {
  let world: KnobWorld;
  beforeAll(async () => {
    world = await KnobWorld.start();
  });
  beforeEach(() => world.reset());
  afterAll(() => world?.close());

  const shapes = SHAPE_KNOBS.map(([shape, finding, more = {}]) => [shape, finding, more] as const);
  it.each(shapes)('the shape %s: %s %j', async (shape, finding, more) => {
    world.control.addFault({ route: 'metrics', mode: 'shape', shape, ...more });
    const user = await world.connected();
    world.later(120);
    expect(world.hasStruck(shape)).toBe(true);
    expect(await world.told(user)).toEqual(only(finding));
  });

  it.each(Object.entries(CONTROL_KNOBS))('%s', async (_name, { finding, moment, turn }) => {
    const user = await world.connectedBefore(moment, () => turn(world.control));
    expect(await world.told(user)).toEqual(only(finding));
  });

  it.each(Object.entries(SCENARIO_KNOBS))('the scenario %s', async (name, { moment, finding }) => {
    const user = await world.connectedBefore(moment, () => world.control.runScenario(name));
    expect(await world.told(user)).toEqual(only(finding));
  });

  it.each(Object.entries(PERSONA_FINDINGS))('persona %s: %s', async (persona, finding) => {
    const user = await world.connected(Number(persona));
    world.later(120);
    await world.syncMonth(user);
    expect(await world.told(user)).toEqual(only(finding));
  });

  it('has a line for each shape, scenario, persona and control', () => {
    expect(new Set(SHAPE_KNOBS.map(([shape]) => shape))).toEqual(new Set(SHAPE_NAMES));
    expect(Object.keys(SCENARIO_KNOBS)).toEqual(SCENARIOS.map(({ name }) => name));
    expect(Object.keys(PERSONA_FINDINGS)).toEqual(PERSONAS.map(({ id }) => String(id)));
    const turned = Object.keys(CONTROL_KNOBS).map((name) => name.split(' ')[0]);
    expect(new Set([...turned, ...NO_KNOBS])).toEqual(new Set(Object.keys(world.control)));
  });
});
