import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { knownPasswords } from '../../config/account-settings';
import { accountSettings, isApi } from '../../config/env';
import { SettingsError } from '../../config/settings';
import type { Developer } from './developer.entity';
import { DevelopersService } from './developers.service';
import { verifyPassword } from './password';

/**
 * Lets somebody in to a new database: the developer of ADMIN_EMAIL and ADMIN_PASSWORD. Later on nothing of them is changed,
 * but production does not start while everybody knows the password, as that of a trial would be.
 */
@Injectable()
export class FirstAdmin implements OnModuleInit {
  private readonly logger = new Logger(FirstAdmin.name);
  private readonly settings = accountSettings();

  constructor(
    private readonly database: DataSource,
    private readonly developers: DevelopersService,
  ) {}

  /** Before anything is served or synced. @throws SettingsError */
  async onModuleInit(): Promise<void> {
    if (!this.database.isInitialized || !isApi()) return;
    if (await this.developers.anybody()) await this.refuseKnownPassword();
    else await this.create();
  }

  private async create(): Promise<void> {
    const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = this.settings;
    if (email === undefined || password === undefined) {
      this.logger.warn(
        'Nobody can sign in yet: set ADMIN_EMAIL and ADMIN_PASSWORD, or run: npm run developer -- --email you@example.com',
      );
      return;
    }
    if (await this.developers.createFirst({ email, password })) {
      this.logger.log('The first developer may sign in now, as ADMIN_EMAIL says');
    }
  }

  /** Of the admin that the settings name, and of the first one, who may not be named any more. */
  private async refuseKnownPassword(): Promise<void> {
    const { ADMIN_EMAIL: email, production } = this.settings;
    if (production === null) return;
    const named = email === undefined ? null : await this.developers.findByEmail(email);
    const first = await this.developers.first();
    for (const admin of named?.id === first?.id ? [first] : [named, first]) {
      if (admin === null || !(await isKnown(admin))) continue;
      throw new SettingsError([
        `The password of ${admin.email} is one that everybody knows, and ${production}; set another one with: ` +
          `npm run developer -- --email ${admin.email} --reset (ADMIN_PASSWORD counts only until there is a developer)`,
      ]);
    }
  }
}

async function isKnown({ email, passwordHash }: Developer): Promise<boolean> {
  const known = await Promise.all(knownPasswords(email).map((it) => verifyPassword(it, passwordHash)));
  return known.includes(true);
}
