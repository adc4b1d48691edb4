import { checkFault } from '../simulator/faults/fault-board';
import { FAULT_MODES, FAULT_ROUTES, type Fault } from '../simulator/faults/fault';
import { KnobWorld, only } from './support/knobs/knob-world';
import { FAULT_KNOBS, type Moment } from './support/knobs/knobs';

/** A request that hangs is given up after so long, instead of 20 s. */
const PATIENCE_MS = 600;

const nameOf = ({ fault, moment }: { fault: Fault; moment: Moment }) => {
  const { route, mode, ...more } = fault;
  return `${route} ${mode} ${JSON.stringify(more)} at ${moment}`;
};

/** Whatever goes wrong at the vendor, an operator is told the one thing that it is. */
describe('every fault of the simulator has one right finding', () => {
  let world: KnobWorld;
  beforeAll(async () => {
    world = await KnobWorld.start();
  });
  beforeEach(() => world.reset());
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => world?.close());

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
        user = await world.connected();
        world.later(16 * 60);
        await world.runDue();
      } else {
        user = await world.connectedBefore(moment, () => world.control.addFault(fault));
      }
      expect(world.hasStruck(fault.shape ?? fault.mode)).toBe(true);
      expect(await world.told(user)).toEqual(only(finding));
    },
  );

  describe('has a line for', () => {
    const accepted = FAULT_ROUTES.flatMap((route) =>
      FAULT_MODES.filter((mode) => mode !== 'shape' && isAccepted({ route, mode, status: 503 })).map(
        (mode) => [route, mode] as const,
      ),
    );

    it.each(accepted)('the fault %s %s', (route, mode) => {
      expect(FAULT_KNOBS.some(({ fault }) => fault.route === route && fault.mode === mode)).toBe(true);
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
