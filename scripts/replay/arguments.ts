import { parseArgs } from 'node:util';
import type { ReplayRequest } from '../../src/sync/replay.service';

export const REPLAY_HELP = `Usage: npm run replay -- --provider SLUG [--user ID] [--from DATE] [--to DATE] [--dry-run]

Makes health data anew from the kept answers of a provider, as this version understands them, and puts it in the place
of what is stored. The provider is not asked. Ids stay, sleeps that a user has deleted stay deleted, and days of which no
usable answer is kept, or only answers that say nothing, stay as they are. Answers that were refused are tried again. A
sync that is under way is interrupted and goes on afterwards. Each connection is one transaction: the command
may be stopped and started again at any time.

  --provider SLUG  whose answers to read again
  --user ID        only this user (default: all)
  --from DATE      the first local date, such as 2026-03-01 (default: from the beginning)
  --to DATE        the last local date, included (default: to the end)
  --dry-run        write nothing, and print by name and local date what would change: +inserted ~updated −deleted

A range chooses sleeps, scores and daily values by their date, and samples by the time at which they were taken: those
of the evening before the first date, such as a night's before midnight, stay as they are. To make a whole night anew,
begin with the date before.

Settings come from the environment and .env. The exit code is 1 if a connection could not be replayed.
`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @returns null when help is asked for. @throws Error that says what to write instead */
export function readReplayArguments(args: string[]): ReplayRequest | null {
  const { values } = parseArgs({
    args,
    options: {
      provider: { type: 'string' },
      user: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      'dry-run': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const { provider, user } = values;
  if (!provider)
    throw new Error('--provider is missing: say whose answers to read again. --help tells more.');
  if (user !== undefined && !UUID.test(user)) {
    throw new Error(
      `--user must be the id of a user, such as 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60, not "${user}".`,
    );
  }
  return {
    provider,
    userId: user?.toLowerCase() ?? null,
    from: values.from ?? null,
    to: values.to ?? null,
    dryRun: values['dry-run'] ?? false,
  };
}
