import { bearerToken, Exchange } from '../http/exchange';
import { empty, json, notFound, Reply, unauthorized } from '../http/reply';
import { findPersona } from '../life/personas';
import { World } from '../world';

export function userInfo(exchange: Exchange, { grants }: World): Reply {
  const grant = grants.findAccess(bearerToken(exchange));
  if (!grant) return unauthorized();
  if (!grant.scopes.includes('profile')) return empty(403);
  const persona = findPersona(grant.user);
  if (!persona) return notFound();
  const account = grant.owner ?? grant.user;
  return json(200, {
    id: account,
    user_id: account,
    first_name: persona.firstName,
    last_name: persona.lastName,
    email: persona.email,
    ...(persona.account.tellsZone ? { timezone: persona.timeZone } : {}),
  });
}
