import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { Clock } from '../database/clock';
import { ProviderRegistry } from '../providers/provider.registry';
import { UsersService } from '../users/users.service';
import { toConnectionRead, type ConnectionRead } from './connection.dto';
import { Connection } from './connection.entity';
import { HealthDataSource } from './data-source.entity';

@Injectable()
export class ConnectionsService {
  constructor(
    @InjectRepository(Connection) private readonly connections: Repository<Connection>,
    private readonly users: UsersService,
    private readonly registry: ProviderRegistry,
    private readonly clock: Clock,
  ) {}

  /** Newest first. @throws NotFoundException for an unknown user */
  async listForUser(userId: string): Promise<ConnectionRead[]> {
    await this.requireUser(userId);
    const connections = await this.connections.find({
      where: { userId },
      order: { createdAt: 'DESC', id: 'ASC' },
    });
    const definitions = new Map(
      this.registry.all().map(({ definition }) => [definition.slug, definition] as const),
    );
    return connections.map((connection) =>
      toConnectionRead(connection, definitions.get(connection.provider)),
    );
  }

  /** @throws NotFoundException for an unknown user, and where the user has no active connection to the provider */
  async getActive(userId: string, provider: string): Promise<Connection> {
    await this.requireUser(userId);
    const connection = await this.connections.findOneBy({ userId, provider, status: 'active' });
    if (connection) return connection;
    throw new NotFoundException(
      `User with ID: ${userId} has no active connection to '${provider}'. Start one with GET /api/v1/oauth/${provider}/authorize.`,
    );
  }

  /** @throws NotFoundException */
  async requireUser(userId: string): Promise<void> {
    await this.users.get(userId);
  }

  /** The id of the data source that the connection's data hangs on, made on first use. */
  async sourceOf(
    manager: EntityManager,
    { userId, id: connectionId, provider }: Connection,
  ): Promise<string> {
    const { device } = this.registry.get(provider).definition;
    const key = { userId, connectionId, deviceModel: device.model };
    const known = await manager.findOneBy(HealthDataSource, key);
    if (known) return known.id;
    await manager
      .createQueryBuilder()
      .insert()
      .into(HealthDataSource)
      .values({
        ...key,
        id: randomUUID(),
        provider,
        deviceType: device.type,
        deviceName: device.name,
        createdAt: this.clock.now(),
      })
      .orIgnore()
      .execute();
    return (await manager.findOneByOrFail(HealthDataSource, key)).id;
  }
}
