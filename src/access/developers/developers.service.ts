import { randomUUID } from 'node:crypto';
import { BadRequestException, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { QueryFailedError, type Repository } from 'typeorm';
import { Clock } from '../../database/clock';
import { Developer } from './developer.entity';
import { hashPassword, verifyPassword } from './password';

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
    private readonly clock: Clock,
  ) {}

  /** @throws BadRequestException when the address is taken */
  async create({ email, password, firstName = null, lastName = null }: NewDeveloper): Promise<Developer> {
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
    await this.developers
      .insert(developer)
      .catch((error: unknown) => refuseDuplicate(error, developer.email));
    return developer;
  }

  /** @returns null when the two do not belong together; it takes as long when nobody has the address */
  async findByPassword(email: string, password: string): Promise<Developer | null> {
    const developer = await this.developers.findOneBy({ email: normalizeEmail(email) });
    const isRight = await verifyPassword(password, developer?.passwordHash ?? null);
    return isRight ? developer : null;
  }
}

/** One address is one developer, whichever way it is typed. */
export const normalizeEmail = (email: string): string => email.trim().toLowerCase();

function refuseDuplicate(error: unknown, email: string): never {
  const constraint: unknown = error instanceof QueryFailedError && error.driverError.constraint;
  if (constraint !== 'developer_email_key') throw error;
  throw new BadRequestException(
    `Developer entity already exists. Details: email '${email}' belongs to another developer.`,
  );
}
