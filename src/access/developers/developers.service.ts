import { randomUUID } from 'node:crypto';
import { BadRequestException, ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { QueryFailedError, type EntityManager, type Repository } from 'typeorm';
import { Clock } from '../../database/clock';
import type { UpdateDeveloper } from './developer.dto';
import { Developer } from './developer.entity';
import { hashPassword, verifyPassword } from './password';
import { SessionsService } from './sessions.service';
import type { SignedIn } from './signed-in';

export interface NewDeveloper {
  email: string;
  password: string;
  firstName?: string | null;
  lastName?: string | null;
}

@Injectable()
export class DevelopersService {
  constructor(
    @InjectRepository(Developer) private readonly developers: Repository<Developer>,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
  ) {}

  /**
   * @param manager of the transaction that it is part of
   * @throws BadRequestException when the address is taken
   */
  async create(
    { email, password, firstName = null, lastName = null }: NewDeveloper,
    manager: EntityManager = this.developers.manager,
  ): Promise<Developer> {
    const now = this.clock.now();
    const developer: Developer = {
      id: randomUUID(),
      email: normalizeEmail(email),
      firstName,
      lastName,
      passwordHash: await hashPassword(password),
      createdAt: now,
      updatedAt: now,
    };
    await manager
      .insert(Developer, developer)
      .catch((error: unknown) => refuseDuplicate(error, developer.email));
    return developer;
  }

  /** Whether there is a developer at all. */
  anybody(): Promise<boolean> {
    return this.developers.exists();
  }

  /** @returns false when somebody else was first: processes start at the same time */
  createFirst(first: NewDeveloper): Promise<boolean> {
    return this.developers.manager.transaction(async (manager) => {
      await manager.query('LOCK TABLE developer IN SHARE ROW EXCLUSIVE MODE');
      if (await manager.exists(Developer)) return false;
      await this.create(first, manager);
      return true;
    });
  }

  /** The eldest first. */
  list(): Promise<Developer[]> {
    return this.developers.find({ order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /** @throws NotFoundException */
  async get(id: string): Promise<Developer> {
    return (await this.developers.findOneBy({ id })) ?? notFound(id);
  }

  /** Who has been here the longest. */
  async first(): Promise<Developer | null> {
    const [first] = await this.developers.find({ order: { createdAt: 'ASC', id: 'ASC' }, take: 1 });
    return first ?? null;
  }

  findByEmail(email: string): Promise<Developer | null> {
    return this.developers.findOneBy({ email: normalizeEmail(email) });
  }

  /** @throws NotFoundException, BadRequestException when the address is taken */
  async update(id: string, { first_name, last_name, email }: UpdateDeveloper): Promise<Developer> {
    const changes: Partial<Developer> = { updatedAt: this.clock.now() };
    if (first_name !== undefined) changes.firstName = first_name;
    if (last_name !== undefined) changes.lastName = last_name;
    if (email !== undefined) changes.email = normalizeEmail(email);
    await this.developers
      .update({ id }, changes)
      .catch((error: unknown) => refuseDuplicate(error, changes.email));
    return this.get(id);
  }

  /** @throws NotFoundException, ConflictException for the last one */
  delete(id: string): Promise<Developer> {
    return this.developers.manager.transaction(async (manager) => {
      // All of them, so that two who delete each other do not leave nobody.
      const all = await manager
        .createQueryBuilder(Developer, 'developer')
        .orderBy('developer.id')
        .setLock('pessimistic_write')
        .getMany();
      const developer = all.find((one) => one.id === id) ?? notFound(id);
      if (all.length === 1) {
        throw new ConflictException(
          'This is the last developer, without whom nobody could sign in. Invite another one first.',
        );
      }
      await manager.delete(Developer, { id });
      return developer;
    });
  }

  /** @returns null when the two do not belong together; it takes as long when nobody has the address */
  async findByPassword(email: string, password: string): Promise<Developer | null> {
    const developer = await this.findByEmail(email);
    const isRight = await verifyPassword(password, developer?.passwordHash ?? null);
    return isRight ? developer : null;
  }

  /** Ends the developer's other sessions. @returns false when the current password is another one */
  async changePassword(me: SignedIn, current: string, next: string): Promise<boolean> {
    if (!(await verifyPassword(current, me.developer.passwordHash))) return false;
    await this.setPassword(me.developer, next, (manager) => this.sessions.endOthers(manager, me));
    return true;
  }

  /** For whoever cannot sign in any more. Ends all of the developer's sessions. */
  resetPassword(developer: Developer, next: string): Promise<void> {
    return this.setPassword(developer, next, (manager) => this.sessions.endAll(manager, developer.id));
  }

  private async setPassword(
    { id }: Developer,
    password: string,
    endSessions: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    const passwordHash = await hashPassword(password);
    await this.developers.manager.transaction(async (manager) => {
      await manager.update(Developer, { id }, { passwordHash, updatedAt: this.clock.now() });
      await endSessions(manager);
    });
  }
}

/** One address is one developer, whichever way it is typed. */
export const normalizeEmail = (email: string): string => email.trim().toLowerCase();

function notFound(id: string): never {
  throw new NotFoundException(`Developer with ID: ${id} not found.`);
}

function refuseDuplicate(error: unknown, email?: string): never {
  const constraint: unknown = error instanceof QueryFailedError && error.driverError.constraint;
  if (constraint !== 'developer_email_key') throw error;
  throw new BadRequestException(
    `Developer entity already exists. Details: email '${email}' belongs to another developer.`,
  );
}
