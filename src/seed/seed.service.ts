import { BadRequestException, ConflictException, Injectable, NotImplementedException } from '@nestjs/common';
import { Random } from '../database/random';
import type { SimulatedKind, SimulatedVendor } from '../providers/provider';
import { ProviderRegistry } from '../providers/provider.registry';
import { Tasks } from '../tasks/tasks.service';
import type { SeedStarted, StartSeed } from './seed.dto';
import { SEED, type SeedInput } from './seed.work';

interface Simulated {
  slug: string;
  vendor: SimulatedVendor;
}

@Injectable()
export class SeedService {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly tasks: Tasks,
    private readonly random: Random,
  ) {}

  /** Of all simulated providers. */
  kinds(): SimulatedKind[] {
    const kinds = this.simulated().flatMap(({ vendor }) => vendor.kinds);
    return [...new Map(kinds.map((kind) => [kind.id, kind])).values()];
  }

  /** @throws BadRequestException; NotImplementedException without a simulator; ConflictException if it does not answer */
  async start({ num_users: numUsers = 1, profile, random_seed }: StartSeed): Promise<SeedStarted> {
    const { preset, num_connections = 2, providers = null } = profile ?? {};
    const chosen = this.chosen(providers);
    const having = chosen.filter(
      ({ vendor }) => preset == null || vendor.kinds.some(({ id }) => id === preset),
    );
    if (having.length === 0) throw new BadRequestException(this.unknownPreset(preset!));
    const used = having.slice(0, num_connections);
    for (const { slug, vendor } of used) {
      if (!(await vendor.isThere()))
        throw new ConflictException(
          `The simulator of '${slug}' does not answer at ${vendor.url}. Start it with \`npm run simulator\`, and send this again.`,
        );
    }
    const seed = random_seed ?? Math.floor(this.random.next() * 2 ** 31);
    const kinds = preset == null ? used[0].vendor.kinds.map(({ id }) => id) : [preset];
    const input: SeedInput = { numUsers, seed, kinds, providers: used.map(({ slug }) => slug) };
    const { id } = await this.tasks.ask(SEED, input);
    return { task_id: id, status: 'dispatched', seed_used: seed };
  }

  private chosen(slugs: string[] | null): Simulated[] {
    const all = this.simulated();
    if (all.length === 0) throw new NotImplementedException(NO_SIMULATOR);
    if (slugs === null || slugs.length === 0) return all;
    const unknown = slugs.find((slug) => !all.some((it) => it.slug === slug));
    if (unknown === undefined) return all.filter(({ slug }) => slugs.includes(slug));
    const known = all.map(({ slug }) => slug).join(', ');
    throw new BadRequestException(`Provider '${unknown}' is not simulated here. Simulated are: ${known}.`);
  }

  private simulated(): Simulated[] {
    return this.registry
      .all()
      .flatMap(({ definition: { slug, credentials }, simulated }) =>
        simulated === undefined || credentials === null ? [] : [{ slug, vendor: simulated }],
      );
  }

  private unknownPreset(preset: string): string {
    const known = this.kinds().map(({ id }) => id);
    return `There is no preset '${preset}'. Presets are: ${known.join(', ')}.`;
  }
}

const NO_SIMULATOR =
  'No provider is simulated here, and demo users come from a simulator only. Set ALLOW_SIMULATED_PROVIDER=true, and the ' +
  "provider's addresses and client to those of `npm run simulator`; or use `npm run demo`.";
