import { Persona } from '../life/persona';
import { Control } from './control';

/** What a tester needs to pick one. */
export function describePersona(
  persona: Persona,
  control: Pick<Control, 'memberSince'>,
): Record<string, unknown> {
  const { id, firstName, lastName, timeZone, summary, glucose, deniedScopes, account } = persona;
  return {
    id,
    name: `${firstName} ${lastName}`,
    time_zone: timeZone,
    summary,
    member_since: control.memberSince(id),
    cgm: glucose !== null,
    denied_scopes: deniedScopes,
    generation: account.generation,
  };
}
