import { isTimeZone } from './normalize/time-zone';
import type { ProviderAccount } from '../provider';
import { ProviderPayloadInvalid } from '../provider-errors';

type Fields = Record<string, unknown>;

/**
 * `token/info` holds the only stable user id; what `user_info` holds is not documented, so each field may be missing,
 * or lie under `data` or `user`.
 * @param userInfo null where the vendor did not give it
 * @throws ProviderPayloadInvalid when nobody says whose token it is
 */
export function readAccount(tokenInfo: Buffer, userInfo: Buffer | null): ProviderAccount {
  const token = parse(tokenInfo) ?? {};
  const outer = (userInfo && parse(userInfo)) ?? {};
  const user = [outer.data, outer.user].find(isFields) ?? outer;
  const id = [token.resource_owner_id, user.user_id, user.id].map(toId).find((it) => it !== null);
  if (id === undefined)
    throw new ProviderPayloadInvalid('token/info names no resource owner', 'unknown_envelope');
  const zone = user.timezone ?? user.time_zone ?? user.latest_time_zone;
  return {
    id,
    name: [user.username, fullName(user), user.email].map(toText).find((it) => it !== null) ?? null,
    timeZone: isTimeZone(zone) ? zone : null,
    scope: Array.isArray(token.scope) ? token.scope.join(' ') : toText(token.scope),
  };
}

function parse(body: Buffer): Fields | null {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const toText = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

const toId = (value: unknown): string | null => (Number.isSafeInteger(value) ? String(value) : toText(value));

const fullName = (user: Fields): string =>
  [user.first_name, user.last_name].filter((part) => typeof part === 'string').join(' ');
