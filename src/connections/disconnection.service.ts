import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { WAKE_CHANNEL } from '../database/wake-channel';
import { lockUser } from './activation.service';
import { Connection } from './connection.entity';
import { Revocations } from './revocations';

/** Ends what a user and a provider have with each other; the data stays. */
@Injectable()
export class DisconnectionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
  ) {}

  /**
   * From here on nothing is fetched, and the tokens serve for nothing but being revoked at the vendor; its runs end at
   * once. Disconnecting twice is no error.
   * @throws NotFoundException for an unknown user, and where there never was a connection
   */
  async disconnect(userId: string, provider: string): Promise<void> {
    await this.dataSource.transaction((manager) => this.disconnectIn(manager, userId, provider));
  }

  /** In the caller's transaction. @returns all connections that there ever were; throws as `disconnect` */
  async disconnectIn(manager: EntityManager, userId: string, provider: string): Promise<Connection[]> {
    await lockUser(manager, userId);
    const connections = await manager.findBy(Connection, { userId, provider });
    if (connections.length === 0) {
      throw new NotFoundException(
        `User with ID: ${userId} never had a connection to '${provider}'. GET /api/v1/users/${userId}/connections lists those there are.`,
      );
    }
    const open = connections.filter(({ status }) => status !== 'revoked');
    await this.revocations.endConnections(manager, open, 'disconnected');
    await manager.query(`SELECT pg_notify($1, '')`, [WAKE_CHANNEL]);
    return connections;
  }
}
