import { addDays } from '../../../sync/local-date';
import { ofActive, type Rule } from '../finding';
import { waitUntil, withoutRequest } from './actions';
import { isExplained, lastSample, newestStored, silence, silenceOf } from './measurements';
import { atTime, counted, iso, onDate } from './words';

/** What is not in the answers, now that they come. */

export const allDays404: Rule = {
  code: 'all_days_404',
  severity: 'warning',
  means:
    'The provider says of every day that there is no such thing (404): it knows the token and not the data.',
  todo: "Ask the user whether the account at the provider is the one they use. If all users have it, the provider's address is wrong, or has changed.",
  hides: ['answers_empty', 'no_data_yet', 'device_silent', 'answers_shrunk'],
  find: ofActive(({ lastRun }, { name }) => {
    if (lastRun?.reason !== 'all_days_404') return null;
    return {
      since: lastRun.endedAt,
      message: `${name} answered 404 about every day of the sync that ended at ${atTime(lastRun.endedAt)}.`,
      evidence: { run_id: lastRun.runId, ended_at: lastRun.endedAt.toISOString() },
      action: withoutRequest(
        'ask_the_user',
        'Ask the user whether this is the account that they use, and whether the app shows data there.',
      ),
    };
  }),
};

export const answersEmpty: Rule = {
  code: 'answers_empty',
  severity: 'warning',
  means: 'The provider answers, and nothing was measured for a whole day or longer.',
  todo: 'Ask the user to wear the device, and to open the app so that the phone fetches from it.',
  hides: ['device_silent'],
  find: ofActive((connection, { name }, now) => {
    const last = lastSample(connection);
    if (last === null) return null;
    const { lastOn, silentFor } = silence(last, connection, now);
    if (silentFor === 0) return null;
    const since = addDays(lastOn, 1);
    // Totals of a day without a sample: somebody has told the vendor that nothing was measured.
    const newest = newestStored(connection);
    const isFetched = newest !== null && newest > lastOn;
    const why = isFetched
      ? 'the phone fetches, and the device is not worn'
      : 'the device is not worn, or the phone does not fetch from it';
    return {
      since: last,
      message: `The answers of ${name} are empty since ${onDate(since)}: ${why}. The last sample is of ${atTime(last)}.`,
      evidence: {
        since_date: since,
        days: silentFor,
        last_sample_at: last.toISOString(),
        newest_date_with_totals: newest,
      },
      action: withoutRequest(
        'ask_the_user',
        'Ask the user to wear the device and to open the app on the phone.',
      ),
    };
  }),
};

export const noDataYet: Rule = {
  code: 'no_data_yet',
  severity: 'warning',
  means: 'The provider answers, and has never had anything measured of this user.',
  todo: 'Ask the user whether the device is set up with this account.',
  hides: ['device_silent'],
  find: ofActive((connection, { name }) => {
    if (connection.lastRun === null || lastSample(connection) !== null || isExplained(connection))
      return null;
    const days = connection.days.reduce((sum, group) => sum + group.days, 0);
    return {
      since: connection.createdAt,
      message: `${name} answers, but holds nothing that was measured: ${counted(days, 'day')} were asked for since the sign-in of ${atTime(connection.createdAt)}.`,
      evidence: {
        days,
        connected_at: connection.createdAt.toISOString(),
        last_synced_at: iso(connection.lastSyncedAt),
      },
      action: withoutRequest('ask_the_user', 'Ask the user whether the device is set up with this account.'),
    };
  }),
};

export const deviceSilent: Rule = {
  code: 'device_silent',
  severity: 'info',
  means:
    'One device of the account has stopped to measure while another goes on: a sensor that ran out, say.',
  todo: 'Nothing, unless the user thinks that it measures.',
  hides: [],
  find: ofActive((connection, { name }, now) => {
    const silent = connection.devices.flatMap((device) => silenceOf(device, connection, now));
    if (silent.length === 0) return null;
    const [{ device, at, days }] = silent;
    return {
      since: at,
      message: `${device.name} has measured nothing since ${atTime(at)}, ${counted(days, 'whole day')}, while ${name} goes on to answer.`,
      evidence: { devices: silent.map((one) => one.device.model), last_sample_at: at.toISOString(), days },
      action: withoutRequest('ask_the_user', 'If the user still wears it, let them look at it in the app.'),
    };
  }),
};

export const backfillRunning: Rule = {
  code: 'backfill_running',
  severity: 'info',
  means: 'The first sync after the sign-in, or one of history, is under way; the newest days come first.',
  todo: 'Wait.',
  hides: [],
  find: ofActive(({ running, backfillDue, changedAt }, { name }) => {
    const backfill = running.find(({ source }) => source === 'backfill');
    const isUnderWay = backfill === undefined ? backfillDue : backfill.pausedAt === null;
    if (!isUnderWay) return null;
    const { daysDone = 0, daysTotal = null, runId = null, startedAt = null } = backfill ?? {};
    const progress =
      daysTotal === null ? 'it waits for a worker' : `${daysDone} of ${daysTotal} days are read`;
    return {
      since: startedAt ?? changedAt,
      message: `A backfill from ${name} is under way: ${progress}.`,
      evidence: { run_id: runId, days_done: daysDone, days_total: daysTotal },
      action: waitUntil(null, 'A month takes about a minute.'),
    };
  }),
};
