import { Injectable, Logger, NotFoundException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Connection } from '../connections/connection.entity';
import { ConnectionsService } from '../connections/connections.service';
import { ProviderRegistry } from '../providers/provider.registry';
import { ConnectionReplay, type ConnectionReplayed } from './connection-replay';
import { checkRange, type ReplayRange } from './replay-span';

export interface ReplayRequest extends ReplayRange {
  provider: string;
  /** Null: all users. */
  userId: string | null;
  dryRun: boolean;
}

/** One connection's turn. */
export interface ReplayStep {
  connection: Pick<Connection, 'userId' | 'id'>;
  done: number;
  total: number;
  /** Null where the replay failed and changed nothing; why is in the log. */
  replayed: ConnectionReplayed | null;
}

/** Replays one connection after another, former ones included. */
@Injectable()
export class ReplayService {
  private readonly logger = new Logger(ReplayService.name);

  constructor(
    private readonly database: DataSource,
    private readonly providers: ProviderRegistry,
    private readonly users: ConnectionsService,
    private readonly replay: ConnectionReplay,
  ) {}

  /** @throws BadRequestException for an unknown provider or a range that is none, NotFoundException for an unknown user */
  async check(request: ReplayRequest): Promise<void> {
    const { provider, userId } = request;
    this.providers.get(provider);
    checkRange(request);
    if (userId === null) return;
    await this.users.requireUser(userId);
    const connections = await this.database.manager.countBy(Connection, { userId, provider });
    if (connections === 0) {
      throw new NotFoundException(`User with ID: ${userId} has never been connected to '${provider}'.`);
    }
  }

  /** @param after the connection that had its turn last, such as before a restart; one that is gone: from the beginning */
  async *run(request: ReplayRequest, after: string | null = null): AsyncGenerator<ReplayStep> {
    const connections = await this.connectionsOf(request);
    const last = connections.findIndex(({ id }) => id === after);
    for (const [index, connection] of connections.entries()) {
      if (index <= last) continue;
      const replayed = await this.replayOne(connection, request);
      yield { connection, done: index + 1, total: connections.length, replayed };
    }
  }

  /** In the order of their creation: those that come during a replay come last. */
  private connectionsOf({ provider, userId }: ReplayRequest): Promise<Connection[]> {
    return this.database.manager.find(Connection, {
      where: { provider, ...(userId !== null && { userId }) },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  /** One that fails leaves its data as it was and keeps none of the others from its turn. */
  private async replayOne(
    connection: Connection,
    request: ReplayRequest,
  ): Promise<ConnectionReplayed | null> {
    try {
      return await this.replay.run(connection, request, request);
    } catch (error) {
      this.logger.error({ msg: 'a replay failed', connection: connection.id, err: error });
      return null;
    }
  }
}
