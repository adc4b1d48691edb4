import type { Rejection } from '../health-data/canonical';

/** What can go wrong between us and a vendor. "No data" is a value, not an error. */
export abstract class ProviderError extends Error {
  /** Stable, stored in the ledger and shown to operators. */
  abstract readonly code: string;
  /** Not before: the vendor says so, or it is not asked until then. Null where nobody knows. */
  readonly retryAt: Date | null = null;
}

/** 401: the access token is not accepted. Answered by one refresh and one retry. */
export class ProviderUnauthorized extends ProviderError {
  readonly code = 'unauthorized';
}

/** 403: the token is fine, the permission is not. Never answered by a refresh. */
export class ProviderForbidden extends ProviderError {
  readonly code = 'forbidden';
}

/** 429, or a call that was not sent because of an earlier one. */
export class ProviderRateLimited extends ProviderError {
  readonly code = 'rate_limited';
  constructor(
    message: string,
    /** From `Retry-After`; null where the vendor does not say. */
    override readonly retryAt: Date | null,
  ) {
    super(message);
  }
}

/** 5xx, a timeout, a reset connection; or a call that was not sent, since the vendor's trouble is known. */
export class ProviderUnavailable extends ProviderError {
  readonly code: string = 'unavailable';
  constructor(
    message: string,
    override readonly retryAt: Date | null = null,
  ) {
    super(message);
  }
}

/** The request went out and nobody knows what became of it: whoever sent something that works only once must not forget that. */
export class ProviderAnswerLost extends ProviderUnavailable {}

/** A body over the cap: there was an answer, which nobody has read to its end. */
export class ProviderAnswerTooLarge extends ProviderAnswerLost {
  override readonly code = 'answer_too_large';
}

/** The token endpoint said `invalid_client` (RFC 6749 section 5.2): about this server, and not about any user. */
export class ProviderClientRefused extends ProviderUnavailable {}

/** HTML, a truncated or empty body, no known envelope: retried, never stored as an answer. */
export class ProviderPayloadInvalid extends ProviderError {
  readonly code = 'payload_invalid';
  constructor(
    message: string,
    readonly reason: 'empty_body' | 'not_json' | 'unknown_envelope' | 'other_day',
    /** What was found in it, to be counted. */
    readonly rejected: readonly Rejection[] = [],
  ) {
    super(message);
  }
}

/** The token endpoint said `invalid_grant` (RFC 6749 section 5.2). */
export class ProviderGrantRefused extends ProviderError {
  readonly code = 'invalid_grant';
}

/** The tokens now belong to another account than the user signed in with: nothing is stored until the next sign-in. */
export class ProviderAccountChanged extends ProviderError {
  readonly code = 'account_changed';
}
