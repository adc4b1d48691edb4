import { withQuery } from './redirect-target';

/** Where a browser ends whose app has named no place. */
export const successPage = (provider: string, userId: string): string =>
  withQuery('/api/v1/oauth/success', { provider, user_id: userId });

export const errorPage = (message: string): string => withQuery('/api/v1/oauth/error', { message });
