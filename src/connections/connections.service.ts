import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { Clock } from '../database/clock';
import type { DeviceDefinition } from '../providers/provider';
import { ProviderRegistry } from '../providers/provider.registry';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import { toConnectionRead, type ConnectionRead } from './connection.dto';
import { Connection } from './connection.entity';
import { toDataSourceRead, type DataSourceList } from './data-source.dto';
import { HealthDataSource } from './data-source.entity';

@Injectable()
export class ConnectionsService {
  constructor(
    @InjectRepository(Connection) private readonly connections: Repository<Connection>,
    @InjectRepository(HealthDataSource) private readonly sources: Repository<HealthDataSource>,
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

  /** Oldest first. @throws NotFoundException for an unknown user */
  async listSources(userId: string): Promise<DataSourceList> {
    await this.requireUser(userId);
    const sources = await this.sources.find({ where: { userId }, order: { createdAt: 'ASC', id: 'ASC' } });
    return { items: sources.map(toDataSourceRead), total: sources.length };
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

  hasUser(userId: string): Promise<boolean> {
    return this.users.exists(userId);
  }

  /** @throws NotFoundException */
  requireUser(userId: string): Promise<User> {
    return this.users.get(userId);
  }

  /** The data sources that a connection has so far: ids by device model. */
  async sourcesOf(
    manager: EntityManager,
    { userId, id: connectionId }: Pick<Connection, 'userId' | 'id'>,
  ): Promise<Map<string, string>> {
    const sources = await manager.findBy(HealthDataSource, { userId, connectionId });
    return new Map(sources.map(({ deviceModel, id }) => [deviceModel, id]));
  }

  /** The id of the data source that holds what one device of a connection measures, made on first use. */
  async sourceOf(
    manager: EntityManager,
    { userId, id: connectionId, provider }: Pick<Connection, 'userId' | 'id' | 'provider'>,
    device: DeviceDefinition,
  ): Promise<string> {
    const key = { userId, connectionId, deviceModel: device.model };
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
