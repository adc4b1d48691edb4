import { randomUUID } from 'node:crypto';
import { BadRequestException, ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { QueryFailedError, type Repository } from 'typeorm';
import { Clock } from '../database/clock';
import { findUser, findUsers } from './user-list';
import {
  toUserRead,
  type CreateUser,
  type ListUsers,
  type UpdateUser,
  type UserPage,
  type UserRead,
} from './user.dto';
import { User } from './user.entity';

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFoundException */
  async get(id: string): Promise<User> {
    return (await this.users.findOneBy({ id })) ?? notFound(id);
  }

  exists(id: string): Promise<boolean> {
    return this.users.existsBy({ id });
  }

  /** @throws NotFoundException */
  async read(id: string): Promise<UserRead> {
    const user = (await findUser(this.users.manager, id)) ?? notFound(id);
    return toUserRead(user, user);
  }

  async list(query: ListUsers): Promise<UserPage> {
    const { page = 1, limit = 20 } = query;
    const { users, total } = await findUsers(this.users.manager, query);
    const pages = Math.ceil(total / limit);
    return {
      items: users.map((user) => toUserRead(user, user)),
      total,
      page,
      limit,
      pages,
      has_next: page < pages,
      has_prev: page > 1 && total > 0,
    };
  }

  /** @throws ConflictException, BadRequestException when the id, e-mail or external id is taken */
  async create(body: CreateUser): Promise<UserRead> {
    const user: User = {
      id: body.id?.toLowerCase() ?? randomUUID(),
      firstName: body.first_name ?? null,
      lastName: body.last_name ?? null,
      email: body.email ?? null,
      externalUserId: body.external_user_id ?? null,
      createdAt: this.clock.now(),
    };
    await this.users.insert(user).catch((error: unknown) => refuseDuplicate(error, user));
    return toUserRead(user, { lastSyncedAt: null, lastSyncedProvider: null, hasActiveConnection: false });
  }

  /** @throws NotFoundException; ConflictException, BadRequestException when the e-mail or external id is taken */
  async update(id: string, body: UpdateUser): Promise<UserRead> {
    const changes = {
      firstName: body.first_name,
      lastName: body.last_name,
      email: body.email,
      externalUserId: body.external_user_id,
    };
    const isEmpty = Object.values(changes).every((value) => value === undefined);
    if (!isEmpty) {
      await this.users
        .update({ id }, changes)
        .catch((error: unknown) => refuseDuplicate(error, { id, externalUserId: changes.externalUserId }));
    }
    return this.read(id);
  }
}

function notFound(id: string): never {
  throw new NotFoundException(`User with ID: ${id} not found.`);
}

/** The database decides what is a duplicate, so that two requests at once cannot both pass a check. */
function refuseDuplicate(error: unknown, user: { id: string; externalUserId?: string | null }): never {
  const constraint: unknown = error instanceof QueryFailedError && error.driverError.constraint;
  switch (constraint) {
    case 'app_user_email_key':
      throw new ConflictException('User with this email already exists.');
    case 'app_user_pkey':
      throw new ConflictException(`User with ID: ${user.id} already exists.`);
    case 'app_user_external_user_id_key':
      throw new BadRequestException(
        `User entity already exists. Details: external_user_id '${user.externalUserId}' belongs to another user.`,
      );
    default:
      throw error;
  }
}
