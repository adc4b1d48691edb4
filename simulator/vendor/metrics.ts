import { bearerToken, Exchange } from '../http/exchange';
import { empty, json, notFound, Reply, unauthorized } from '../http/reply';
import { isLocalDate } from '../life/local-day';
import { findPersona } from '../life/personas';
import { World } from '../world';
import { dayEntries, wrapEntries } from './day-answer';

export function metrics(exchange: Exchange, world: World): Reply {
  const grant = world.grants.findAccess(bearerToken(exchange));
  if (!grant) return unauthorized();
  const date = exchange.query.get('date');
  if (date === null || !isLocalDate(date))
    return json(400, { status: 400, error: 'date must be given as YYYY-MM-DD' });
  // The one live report of a token that may read neither: 403 without a word.
  if (!grant.scopes.includes('ring_data') && !grant.scopes.includes('cgm_data')) return empty(403);
  const replay = world.replay.answer(grant.user, date, world.envelope);
  if (replay) return replay;
  const persona = findPersona(grant.user);
  if (!persona || date < world.life.memberSince(persona)) return notFound();
  const now = world.clock.now();
  const day = world.life.vendorDay(persona, date, now);
  if (day.day_start > now) return notFound();
  const entries = world.noise.dress(dayEntries(day, grant.scopes), `${grant.user}/${date}`);
  return json(200, wrapEntries(entries, world.envelope, date, day.zone_now));
}
