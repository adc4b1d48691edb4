import type { EntityManager } from 'typeorm';
import type { ListUsers, SyncState } from './user.dto';
import type { User } from './user.entity';

export type UserWithSync = User & SyncState;

/** The connection table is read by SQL, because its module builds on this one and not the other way round. */
const USERS_WITH_SYNC = `
  SELECT u.id, u.first_name AS "firstName", u.last_name AS "lastName", u.email,
         u.external_user_id AS "externalUserId", u.created_at AS "createdAt",
         sync.at AS "lastSyncedAt", sync.provider AS "lastSyncedProvider", sync.active AS "hasActiveConnection"
    FROM app_user u
   CROSS JOIN LATERAL (
         SELECT max(last_synced_at) AS at,
                (array_agg(provider ORDER BY last_synced_at DESC) FILTER (WHERE last_synced_at IS NOT NULL))[1] AS provider,
                coalesce(bool_or(status = 'active'), false) AS active
           FROM connection
          WHERE user_id = u.id) sync`;

const MATCHES = `
   WHERE ($1::text IS NULL OR u.email ILIKE $1 OR u.first_name ILIKE $1 OR u.last_name ILIKE $1)
     AND ($2::text IS NULL OR u.email = $2)
     AND ($3::text IS NULL OR u.external_user_id = $3)`;

const ORDER_COLUMNS: Record<NonNullable<ListUsers['sort_by']>, string> = {
  created_at: 'u.created_at',
  email: 'u.email',
  first_name: 'u.first_name',
  last_name: 'u.last_name',
  last_synced_at: 'sync.at',
};

export async function findUser(manager: EntityManager, id: string): Promise<UserWithSync | undefined> {
  const [user] = await manager.query<UserWithSync[]>(`${USERS_WITH_SYNC} WHERE u.id = $1`, [id]);
  return user;
}

export async function findUsers(
  manager: EntityManager,
  {
    page = 1,
    limit = 20,
    sort_by = 'created_at',
    sort_order = 'desc',
    search,
    email,
    external_user_id,
  }: ListUsers,
): Promise<{ users: UserWithSync[]; total: number }> {
  const filters = [search ? `%${escapeLike(search)}%` : null, email ?? null, external_user_id ?? null];
  const order = `${ORDER_COLUMNS[sort_by]} ${sort_order === 'asc' ? 'ASC' : 'DESC'} NULLS LAST, u.id`;
  const users = await manager.query<UserWithSync[]>(
    `${USERS_WITH_SYNC} ${MATCHES} ORDER BY ${order} LIMIT $4 OFFSET $5`,
    [...filters, limit, (page - 1) * limit],
  );
  const [{ total }] = await manager.query<[{ total: number }]>(
    `SELECT count(*)::int AS total FROM app_user u ${MATCHES}`,
    filters,
  );
  return { users, total };
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&');
