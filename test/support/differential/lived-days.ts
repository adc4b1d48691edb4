import { addDays } from '../../../simulator/life/local-day';
import type { Envelope } from '../../../simulator/options';
import { compareWithTruth, type Comparison } from './comparison';
import { VirtualWorld } from './virtual-world';

const STEP_MS = 8 * 3_600_000;

export interface Lifetime {
  personas: readonly number[];
  /** Of the simulated lives; left out: the usual one. */
  seed?: string;
  /** First and last local date that are compared. */
  from: string;
  to: string;
  connectedAt: Date;
  /** On `to`. */
  until: Date;
  /** By the day of the month. */
  envelope: (dayOfMonth: number) => Envelope;
}

/** People who connect and are synced three times a day until the end, in one world; then all their dates once more. */
export class LivedDays {
  private constructor(
    readonly world: VirtualWorld,
    private readonly life: Lifetime,
    readonly users: Map<number, string>,
  ) {}

  static async live(life: Lifetime): Promise<LivedDays> {
    const world = await VirtualWorld.start(life.connectedAt, { seed: life.seed });
    const lived = new LivedDays(world, life, new Map());
    try {
      for (const persona of life.personas) lived.users.set(persona, await world.connect(persona));
      const last = life.until.getTime();
      for (let at = life.connectedAt.getTime() + STEP_MS; at <= last; at += STEP_MS)
        await lived.step(new Date(at), last - at);
      return lived;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  private async step(at: Date, msToGo: number): Promise<void> {
    this.world.simulator.control.setEnvelope(this.life.envelope(at.getUTCDate()));
    await this.world.moveTo(at);
    if (msToGo > STEP_MS) return;
    // A moment later, lest two answers about a date have one time.
    await this.world.moveTo(new Date(at.getTime() + 1_000));
    for (const [persona, user] of this.users)
      if (msToGo === 0 || this.omitsTypes(persona)) await this.world.syncSince(user, this.life.from);
  }

  /** Of such a person an answer about an old date may lack a type, which is back in the next: there are two last looks. */
  private omitsTypes(persona: number): boolean {
    return this.world.simulator.control.personas.some(
      ({ id, account }) => id === persona && account.omitsTypes,
    );
  }

  /** Every date that has begun: where it is tomorrow already, that too. */
  async compare(persona: number): Promise<Comparison> {
    const { from, to, connectedAt, until } = this.life;
    const { control } = this.world.simulator;
    const [since] = [from, control.memberSince(persona)].toSorted().toReversed();
    const truth = control
      .truth(persona, since, addDays(to, 1))
      .filter(({ day_start }) => day_start * 1_000 <= until.getTime());
    const user = this.users.get(persona)!;
    return compareWithTruth(this.world.server, { persona, user, truth, connectedAt });
  }
}
