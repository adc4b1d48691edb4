import { checkFault } from '../simulator/faults/fault-board';
import { FAULT_MODES, FAULT_ROUTES, type Fault } from '../simulator/faults/fault';
import { PERSONAS } from '../simulator/life/personas';
import { SCENARIOS } from '../simulator/scenarios/scenarios';
import { SHAPE_NAMES } from '../simulator/shapes/shapes';
import { KnobWorld } from './support/knobs/knob-world';
import {
  CONTROL_KNOBS,
  FAULT_KNOBS,
  NO_KNOBS,
  PERSONA,
  PERSONA_FINDINGS,
  SCENARIO_KNOBS,
  SHAPE_KNOBS,
  type Moment,
} from './support/knobs/knobs';

/** A request that hangs is given up after so long, instead of 20 s. */
const PATIENCE_MS = 600;

const nameOf = ({ fault, moment }: { fault: Fault; moment: Moment }) => {
  const { route, mode, ...more } = fault;
  return `${route} ${mode} ${JSON.stringify(more)} at ${moment}`;
};

/** Whatever goes wrong at the vendor, an operator is told the one thing that it is. */
describe('every knob of the simulator has one right finding', () => {
  let world: KnobWorld;
  beforeAll(async () => {
    world = await KnobWorld.start();
  });
  beforeEach(() => world.reset());
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => world?.close());

  async function connected(persona = PERSONA): Promise<string> {
    const user = await world.createUser();
    await world.signIn(user, persona);
    await world.runDue();
    return user;
  }

  /** A user whose data comes, with this turned on and its time come. */
  async function connectedBefore(moment: Exclude<Moment, 'sign-in'>, turn: () => unknown): Promise<string> {
    const user = await connected();
    if (moment === 'settled') {
      await world.syncAfter(8 * 86_400);
      turn();
      await world.syncMonth(user);
    } else if (moment === 'disconnect') {
      turn();
      await world.disconnect(user);
    } else {
      turn();
      await world.syncAfter(moment === 'sync' ? 3_600 : 25 * 3_600);
    }
    return user;
  }

  /** With the message, which tells more than a code when a test fails. */
  const told = async (user: string) =>
    (await world.diagnose(user)).map(({ code, message }) => [code, message]);
  const only = (code: string) => [[code, expect.any(String)]];

  const expectStruck = (name: string) =>
    expect(world.control.requests().some(({ fault }) => fault === name)).toBe(true);

  function loseThePatience() {
    const signalAfter = AbortSignal.timeout.bind(AbortSignal);
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => signalAfter(Math.min(ms, PATIENCE_MS)));
  }

  it.each(FAULT_KNOBS.map((knob) => [nameOf(knob), knob.finding, knob] as const))(
    '%s: %s',
    async (_name, finding, { fault, moment }) => {
      if (fault.mode === 'hang') loseThePatience();
      let user: string;
      if (moment === 'sign-in') {
        world.control.addFault(fault);
        user = await connected();
        world.later(16 * 60);
        await world.runDue();
      } else {
        user = await connectedBefore(moment, () => world.control.addFault(fault));
      }
      expectStruck(fault.shape ?? fault.mode);
      expect(await told(user)).toEqual(only(finding));
    },
  );

  const shapes = SHAPE_KNOBS.map(([shape, finding, more = {}]) => [shape, finding, more] as const);
  it.each(shapes)('the shape %s: %s %j', async (shape, finding, more) => {
    world.control.addFault({ route: 'metrics', mode: 'shape', shape, ...more });
    const user = await connected();
    world.later(120);
    expectStruck(shape);
    expect(await told(user)).toEqual(only(finding));
  });

  it.each(Object.entries(CONTROL_KNOBS))('%s', async (_name, { finding, moment, turn }) => {
    const user = await connectedBefore(moment, () => turn(world.control));
    expect(await told(user)).toEqual(only(finding));
  });

  it.each(Object.entries(SCENARIO_KNOBS))('the scenario %s', async (name, { moment, finding }) => {
    const user = await connectedBefore(moment, () => world.control.runScenario(name));
    expect(await told(user)).toEqual(only(finding));
  });

  it.each(Object.entries(PERSONA_FINDINGS))('persona %s: %s', async (persona, finding) => {
    const user = await connected(Number(persona));
    world.later(120);
    await world.syncMonth(user);
    expect(await told(user)).toEqual(only(finding));
  });

  describe('has a line for', () => {
    const accepted = FAULT_ROUTES.flatMap((route) =>
      FAULT_MODES.filter((mode) => mode !== 'shape' && isAccepted({ route, mode, status: 503 })).map(
        (mode) => [route, mode] as const,
      ),
    );

    it.each(accepted)('the fault %s %s', (route, mode) => {
      expect(FAULT_KNOBS.some(({ fault }) => fault.route === route && fault.mode === mode)).toBe(true);
    });

    it('each shape, scenario, persona and control', () => {
      expect(new Set(SHAPE_KNOBS.map(([shape]) => shape))).toEqual(new Set(SHAPE_NAMES));
      expect(Object.keys(SCENARIO_KNOBS)).toEqual(SCENARIOS.map(({ name }) => name));
      expect(Object.keys(PERSONA_FINDINGS)).toEqual(PERSONAS.map(({ id }) => String(id)));
      const turned = Object.keys(CONTROL_KNOBS).map((name) => name.split(' ')[0]);
      expect(new Set([...turned, ...NO_KNOBS])).toEqual(new Set(Object.keys(world.control)));
    });
  });
});

function isAccepted(fault: Fault): boolean {
  try {
    checkFault(fault);
    return true;
  } catch {
    return false;
  }
}
