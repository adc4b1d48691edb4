import { bearerToken, Exchange } from '../http/exchange';
import { empty, json, notFound, Reply, unauthorized } from '../http/reply';
import { Persona } from '../life/persona';
import { findPersona } from '../life/personas';
import { Grant } from '../oauth/grant-store';
import { Span } from '../truth/day-cut';
import { World } from '../world';
import { askedFor } from './asked-span';
import { dayEntries, wrapDates, wrapEntries } from './day-answer';

export function metrics(exchange: Exchange, world: World): Reply {
  const grant = world.grants.findAccess(bearerToken(exchange));
  if (!grant) return unauthorized();
  const asked = askedFor(exchange.query);
  if ('refused' in asked) return json(400, { status: 400, error: asked.refused });
  // The one live report of a token that may read neither: 403 without a word.
  if (!grant.scopes.includes('ring_data') && !grant.scopes.includes('cgm_data')) return empty(403);
  const persona = findPersona(grant.user);
  return 'date' in asked ? ofDate(asked.date, grant, persona, world) : ofSpan(asked, grant, persona, world);
}

function ofDate(date: string, grant: Grant, persona: Persona | undefined, world: World): Reply {
  const replay = world.replay.answer(grant.user, date, world.envelope);
  if (replay) return replay;
  if (!persona || date < world.life.memberSince(persona)) return notFound();
  const now = world.clock.now();
  const day = world.life.vendorDay(persona, date, now);
  if (day.day_start > now) return notFound();
  const entries = world.noise.dress(dayEntries(day, grant.scopes), `${grant.user}/${date}`);
  return json(200, wrapEntries(entries, world.envelope, date, day.zone_now));
}

/** A map of dates whatever the envelope; the dates at the edges hold only what lies in the span. */
function ofSpan(span: Span, grant: Grant, persona: Persona | undefined, world: World): Reply {
  if (!persona || world.replay.standsInFor(grant.user)) return notFound();
  const now = world.clock.now();
  const days = world.life.datesIn(persona, span, now).map((date) => {
    const day = world.life.vendorDay(persona, date, now, span);
    return { day, entries: world.noise.dress(dayEntries(day, grant.scopes), `${grant.user}/${date}`) };
  });
  if (days.length === 0) return notFound();
  const metricsByDate = Object.fromEntries(days.map(({ day, entries }) => [day.date, entries]));
  return json(200, wrapDates(metricsByDate, days[0].day.zone_now));
}
