/**
 * Loaded with `--require` into a child that knows nothing of the demo: when the demo is gone, however it ended, its
 * channel closes and the child stops in the ordinary way.
 */
const PATIENCE_MS = 10_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), PATIENCE_MS).unref();
});
// The channel alone must not keep the child alive.
process.channel?.unref();
