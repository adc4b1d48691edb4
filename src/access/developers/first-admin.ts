import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { accountSettings, isApi } from '../../config/env';
import { DevelopersService } from './developers.service';

/** Lets somebody in to a new database: the developer of ADMIN_EMAIL and ADMIN_PASSWORD. Later on they are not looked at. */
@Injectable()
export class FirstAdmin implements OnApplicationBootstrap {
  private readonly logger = new Logger(FirstAdmin.name);

  constructor(
    private readonly database: DataSource,
    private readonly developers: DevelopersService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.database.isInitialized || !isApi() || (await this.developers.anybody())) return;
    const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = accountSettings();
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
}
