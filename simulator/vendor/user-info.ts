import { bearerToken, Exchange } from '../http/exchange';
import { empty, json, notFound, Reply, unauthorized } from '../http/reply';
import { findPersona } from '../life/persona';
import { World } from '../world';

export function userInfo(exchange: Exchange, { grants }: World): Reply {
  const grant = grants.findAccess(bearerToken(exchange));
  if (!grant) return unauthorized();
  if (!grant.scopes.includes('profile')) return empty(403);
  const persona = findPersona(grant.user);
  if (!persona) return notFound();
  return json(200, {
    id: persona.id,
    user_id: persona.id,
    first_name: persona.firstName,
    last_name: persona.lastName,
    email: persona.email,
    timezone: persona.timeZone,
  });
}
