import { HttpException, Injectable, Logger, NotFoundException, type OnModuleInit } from '@nestjs/common';
import { ConnectionsService } from '../connections/connections.service';
import { OAuthService } from '../oauth/oauth.service';
import { ProviderError } from '../providers/provider-errors';
import { ProviderRegistry } from '../providers/provider.registry';
import { TaskFailed, Tasks, type TaskWork } from '../tasks/tasks.service';
import { UsersService } from '../users/users.service';
import { seedPerson, type SeedPerson } from './seed-person';

export const SEED = 'seed';

export interface SeedInput {
  numUsers: number;
  seed: number;
  /** One of these for each user, by chance. */
  kinds: string[];
  providers: string[];
}

export interface SeedProgress {
  users: { userId: string; kind: string; providers: string[]; error: string | null }[];
}

/** Another account of the same kind, where somebody has this one already. */
const TRIES = 3;
const TAKEN = 'account_already_linked';

/**
 * Makes demo users the way real ones come: each is created, is sent to the simulator's consent page and comes back by the
 * callback, whereupon the first sync starts by itself. No health data is made here.
 */
@Injectable()
export class Seed implements OnModuleInit, TaskWork<SeedInput, SeedProgress> {
  readonly kind = SEED;
  readonly nothingDone: SeedProgress = { users: [] };
  private readonly logger = new Logger(Seed.name);

  constructor(
    private readonly tasks: Tasks,
    private readonly users: UsersService,
    private readonly registry: ProviderRegistry,
    private readonly connections: ConnectionsService,
    private readonly oauth: OAuthService,
  ) {}

  onModuleInit(): void {
    this.tasks.register(this);
  }

  async *work(input: SeedInput, begun: SeedProgress): AsyncIterable<SeedProgress> {
    let { users } = begun;
    for (let index = users.length; index < input.numUsers; index++) {
      const user = await this.makeUser(input, seedPerson(input.seed, index));
      this.logger.log({ msg: 'a demo user is there', ...user });
      users = [...users, user];
      yield { users };
    }
    const failed = users.filter(({ error }) => error !== null);
    if (failed.length > 0)
      throw new TaskFailed(
        `Not all users could be connected: ${failed.length} of ${users.length}. Each says why.`,
      );
  }

  private async makeUser(
    { kinds, providers }: SeedInput,
    person: SeedPerson,
  ): Promise<SeedProgress['users'][number]> {
    const kind = kinds[Math.floor(person.chance * kinds.length)];
    const { id, firstName, lastName, email } = person;
    if (!(await this.users.exists(id))) {
      await this.users.create({ id, first_name: firstName, last_name: lastName, email });
    }
    const user: SeedProgress['users'][number] = { userId: id, kind, providers: [], error: null };
    for (const provider of providers) {
      const error = await this.signIn(provider, kind, person);
      if (error === null) user.providers.push(provider);
      else user.error = `${provider}: ${error}`;
    }
    return user;
  }

  /** @returns why it did not work */
  private async signIn(
    slug: string,
    kind: string,
    { id: userId, account }: SeedPerson,
  ): Promise<string | null> {
    if (await this.isConnected(userId, slug)) return null;
    let message = '';
    for (let attempt = 0; attempt < TRIES; attempt++) {
      try {
        message = await this.walk(slug, kind, userId, account + attempt);
      } catch (error) {
        // Such as of a provider that is switched off.
        if (error instanceof ProviderError || error instanceof HttpException) return error.message;
        throw error;
      }
      if (await this.isConnected(userId, slug)) return null;
      if (!message.startsWith(TAKEN)) break;
    }
    return message;
  }

  /** @returns what the last page says, where something went wrong */
  private async walk(slug: string, kind: string, userId: string, account: number): Promise<string> {
    const { authorization_url: url } = await this.oauth.authorize(slug, { user_id: userId }, false);
    const { simulated } = this.registry.get(slug);
    if (simulated === undefined) return 'its vendor is not a simulator any more';
    const callback = new URL(await simulated.consent(url, kind, account));
    const page = await this.oauth.callback(slug, Object.fromEntries(callback.searchParams), undefined);
    return new URL(page, callback).searchParams.get('message') ?? '';
  }

  private async isConnected(userId: string, slug: string): Promise<boolean> {
    try {
      await this.connections.getActive(userId, slug);
      return true;
    } catch (error) {
      if (error instanceof NotFoundException) return false;
      throw error;
    }
  }
}
