import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

/** What a credential may do. A handler names the one it needs; the guard refuses everything else. */
export const SCOPES = ['read', 'write', 'connect', 'sync', 'ops'] as const;
export type ScopeName = (typeof SCOPES)[number];

/** Of a key for which nobody has said otherwise: everything but operations. */
export const DEFAULT_SCOPES = SCOPES.filter((scope) => scope !== 'ops');

export const SCOPE_METADATA = 'vitalbase:scope';

/** By which the API document tells operations that need a key from open ones. */
export const SCOPE_EXTENSION = 'x-scope';

/** The scope that a handler needs: every handler carries this or `@Public()`, or the boot fails. */
export const Scope = (scope: ScopeName) =>
  applyDecorators(SetMetadata(SCOPE_METADATA, scope), ApiExtension(SCOPE_EXTENSION, scope));

export const OPEN_METADATA = 'vitalbase:open-if';

/** Settings that may let callers in who bring no credential at all. */
export type OpeningSetting = 'OAUTH_PUBLIC_AUTHORIZE';

/** Beside `@Scope`: whoever brings no credential is let in too, where the operator has set so. */
export const OpenIf = (setting: OpeningSetting) => SetMetadata(OPEN_METADATA, setting);

export const THROTTLED_METADATA = 'vitalbase:throttled';

/** For what costs much or starts much: calls without a valid credential are limited to a few a minute. */
export const Throttled = () => SetMetadata(THROTTLED_METADATA, true);

/** What a handler declares for developers who are signed in, and for no API key. */
export const DEVELOPER = 'developer';

/** For developers who are signed in: accounts, keys and settings. */
export const DeveloperOnly = () =>
  applyDecorators(SetMetadata(SCOPE_METADATA, DEVELOPER), ApiExtension(SCOPE_EXTENSION, DEVELOPER));

/** Open to everybody, such as the OAuth callback and the health checks. */
export const Public = () => SetMetadata(SCOPE_METADATA, 'public');
