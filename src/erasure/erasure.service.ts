import { Injectable } from '@nestjs/common';
import { DataSource, QueryFailedError, type EntityManager } from 'typeorm';
import { lockUser } from '../connections/activation.service';
import { Connection } from '../connections/connection.entity';
import { lockCredential } from '../connections/credential.store';
import { DisconnectionService } from '../connections/disconnection.service';
import { Revocations } from '../connections/revocations';
import { findUser } from '../users/user-list';
import { toUserRead, type UserRead } from '../users/user.dto';
import { tablesWith } from './personal-tables';

/**
 * Of a connection's tables those that a purge leaves alone: the log of what was synced and when, and tokens that are
 * being renewed this moment, which are taken away as after every disconnection.
 */
const NOT_PURGED = new Set(['sync_run', 'credential', 'refresh_attempt']);

/** Deletes what is stored about people. Whoever writes for them finds its connection gone, or under a new epoch. */
@Injectable()
export class Erasure {
  constructor(
    private readonly database: DataSource,
    private readonly disconnection: DisconnectionService,
    private readonly revocations: Revocations,
  ) {}

  /**
   * Deletes a user with all that hangs on it. The vendors are told to end the tokens, under an id that is nobody's.
   * @returns the user as it was
   * @throws NotFoundException
   */
  deleteUser(userId: string): Promise<UserRead> {
    return this.atOnce(async (manager) => {
      await lockUser(manager, userId);
      const user = (await findUser(manager, userId))!;
      const connections = await manager.find(Connection, { where: { userId }, order: { id: 'ASC' } });
      // Waits for a token that is being renewed: the new one is to be revoked too.
      for (const connection of connections) await lockCredential(manager, connection);
      await this.revocations.endConnections(manager, connections, 'disconnected');
      await this.revocations.detachFrom(manager, userId);
      for (const table of await tablesWith(manager, 'user_id')) {
        await manager.query(`DELETE FROM ${table} WHERE user_id = $1`, [userId]);
      }
      await manager.query(`DELETE FROM app_user WHERE id = $1`, [userId]);
      return toUserRead(user, user);
    });
  }

  /**
   * Disconnects, and deletes what the provider has sent. The connection stays, as one that has ended.
   * @throws NotFoundException as `DisconnectionService.disconnect`
   */
  async purge(userId: string, provider: string): Promise<void> {
    await this.atOnce(async (manager) => {
      const connections = await this.disconnection.disconnectIn(manager, userId, provider);
      const ids = connections.map(({ id }) => id);
      // Also of those that had ended before: a replay may be at work on them.
      await manager.query(
        `UPDATE connection SET sync_epoch = sync_epoch + 1, last_synced_at = NULL, history_wake_at = NULL
          WHERE user_id = $1 AND id = ANY ($2)`,
        [userId, ids],
      );
      await purgeData(manager, userId, ids);
    });
  }

  /** Work of the night may hold rows that this needs while it waits for others: PostgreSQL then ends one of the two. */
  private async atOnce<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    for (let left = TRIES - 1; ; left--) {
      try {
        return await this.database.transaction(work);
      } catch (error) {
        if (left === 0 || !isDeadlock(error)) throw error;
      }
    }
  }
}

const TRIES = 5;

const isDeadlock = (error: unknown): boolean =>
  error instanceof QueryFailedError && (error.driverError as { code?: string }).code === '40P01';

async function purgeData(manager: EntityManager, userId: string, connectionIds: string[]): Promise<void> {
  for (const table of await tablesWith(manager, 'user_id', 'source_id')) {
    await manager.query(
      `DELETE FROM ${table} WHERE user_id = $1 AND source_id IN (
         SELECT id FROM data_source WHERE user_id = $1 AND connection_id = ANY ($2))`,
      [userId, connectionIds],
    );
  }
  for (const table of await tablesWith(manager, 'user_id', 'connection_id')) {
    if (NOT_PURGED.has(table)) continue;
    await manager.query(`DELETE FROM ${table} WHERE user_id = $1 AND connection_id = ANY ($2)`, [
      userId,
      connectionIds,
    ]);
  }
}
