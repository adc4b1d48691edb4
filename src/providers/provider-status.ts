import {
  ProviderForbidden,
  ProviderRateLimited,
  ProviderUnauthorized,
  ProviderUnavailable,
  type ProviderError,
} from './provider-errors';

interface Answered {
  status: number;
  headers: Record<string, string>;
}

/** What a vendor's status means; null for 2xx. A redirect or another 4xx is an answer that we cannot use either. */
export function statusError(
  call: { provider: string; operation: string },
  { status, headers }: Answered,
  now: Date,
): ProviderError | null {
  if (status >= 200 && status < 300) return null;
  const message = `${call.provider} ${call.operation}: status ${status}`;
  if (status === 401) return new ProviderUnauthorized(message);
  if (status === 403) return new ProviderForbidden(message);
  if (status === 429) return new ProviderRateLimited(message, retryAt(headers['retry-after'], now));
  return new ProviderUnavailable(message, status >= 500 ? retryAt(headers['retry-after'], now) : null);
}

const EPOCH_SECONDS_FROM = 1_000_000_000;
const EPOCH_MILLISECONDS_FROM = 100_000_000_000;
const LONGEST_WAIT_MS = 7 * 86_400_000;
/** An HTTP-date may be cut to the second, and our processes' clocks differ a little: rather late than early. */
const MARGIN_MS = 2_000;

/**
 * `Retry-After` as seconds or HTTP-date (RFC 9110 section 10.2.3), or as the Unix time that some vendors send.
 * Two seconds later than said, and than `now`; a week away at most, for what names a later time is hardly meant. Null
 * where it is missing or unreadable.
 */
export function retryAt(header: string | undefined, now: Date): Date | null {
  const at = header === undefined ? Number.NaN : instantOf(header.trim(), now.getTime());
  if (Number.isNaN(at)) return null;
  const waitMs = Math.min(Math.max(at - now.getTime(), 0), LONGEST_WAIT_MS);
  return new Date(now.getTime() + waitMs + MARGIN_MS);
}

function instantOf(header: string, now: number): number {
  if (/^\d+(\.\d+)?$/.test(header)) {
    const count = Number(header);
    if (count < EPOCH_SECONDS_FROM) return now + count * 1_000;
    return count < EPOCH_MILLISECONDS_FROM ? count * 1_000 : count;
  }
  return /^[A-Za-z]/.test(header) ? Date.parse(header) : Number.NaN;
}
