import { BadRequestException } from '@nestjs/common';

/** Where a browser may be sent after the flow: exact origins, as `OAUTH_REDIRECT_ORIGINS` lists them. */
export class RedirectTargets {
  private readonly origins: ReadonlySet<string>;

  /** @throws Error for an entry that is not an origin, at the boot */
  constructor(entries: readonly string[]) {
    this.origins = new Set(entries.map(originOf));
  }

  /**
   * @returns the URL as every browser reads it, so that nobody can read it in another way
   * @throws BadRequestException that says what to send or to configure
   */
  check(text: string): string {
    const url = parse(text);
    if (!url)
      throw new BadRequestException(
        'redirect_uri must be an absolute URL such as https://app.example.com/done.',
      );
    if (!isSafeScheme(url)) {
      throw new BadRequestException(
        'redirect_uri must start with https://, or with http:// on a loopback address.',
      );
    }
    if (url.username !== '' || url.password !== '') {
      throw new BadRequestException('redirect_uri must not hold a user name or a password.');
    }
    if (!this.origins.has(url.origin)) {
      throw new BadRequestException(
        `redirect_uri leads to ${url.origin}, which is not allowed. Add it to OAUTH_REDIRECT_ORIGINS, or leave redirect_uri out.`,
      );
    }
    return url.href;
  }
}

/** The URL with more query parameters; those that it has stay as they are. */
export function withQuery(target: string, parameters: Record<string, string>): string {
  const added = new URLSearchParams(parameters).toString();
  const [, beforeFragment, fragment] = /^([^#]*)(.*)$/s.exec(target)!;
  return `${beforeFragment}${beforeFragment.includes('?') ? '&' : '?'}${added}${fragment}`;
}

function originOf(entry: string): string {
  const url = parse(entry);
  if (url && isSafeScheme(url) && url.href === `${url.origin}/`) return url.origin;
  throw new Error(
    `OAUTH_REDIRECT_ORIGINS: '${entry}' is not an origin such as https://app.example.com or http://localhost:3000`,
  );
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const isSafeScheme = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));

const parse = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
