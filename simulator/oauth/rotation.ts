import { BadInput } from '../http/exchange';

/** What becomes of a refresh token that comes a second time. */
export interface RotationPolicy {
  /** `strict`: it is refused. `grace`: for a while it is answered with the same new pair. */
  policy: 'strict' | 'grace';
  grace_seconds: number;
  /** A refused one takes the whole grant with it, as where reuse counts as theft (RFC 9700 section 4.14.2). */
  revoke_family: boolean;
}

export const STRICT: RotationPolicy = { policy: 'strict', grace_seconds: 60, revoke_family: false };

export function checkRotation({ grace_seconds: grace }: RotationPolicy): void {
  if (!(grace > 0)) throw new BadInput('grace_seconds must be above 0');
}
