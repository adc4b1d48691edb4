/** `pg_notify` on this channel means that a connection has become due this moment, or has ended. */
export const WAKE_CHANNEL = 'vitalbase_sync';
