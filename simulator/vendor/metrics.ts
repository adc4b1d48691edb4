import { bearerToken, Exchange } from '../http/exchange';
import { empty, json, notFound, Reply, unauthorized } from '../http/reply';
import { isLocalDate, localDate } from '../life/local-day';
import { findPersona } from '../life/persona';
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
  if (!persona) return notFound();
  const now = world.clock.now();
  if (date < persona.memberSince || date > localDate(now, persona.timeZone)) return notFound();
  const truth = world.life.truth(persona, date, now);
  const entries = dayEntries(truth, world.life.nightReadings(persona, date), grant.scopes);
  return json(200, wrapEntries(entries, world.envelope, date, persona.timeZone));
}
