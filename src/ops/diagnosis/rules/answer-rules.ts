import { ofActive, type Rule } from '../finding';
import type { ConnectionEvidence, DeviceEvidence, Sighted } from '../evidence';
import { addDays, daysBetween, localDate } from '../../../sync/local-date';
import { missingScopes } from './access-rules';
import { look, reconnect, waitUntil, withoutRequest } from './actions';
import { atTime, counted, iso, lastAnswer, names, onDate, total } from './words';

/** What the answers hold, or do not hold, now that they come. */

/** A sensor that has been silent for longer is taken to be no longer in use. */
const MISSED_FOR_DAYS = 60;

export const allDays404: Rule = {
  code: 'all_days_404',
  severity: 'warning',
  means:
    'The provider says of every day that there is no such thing (404): it knows the token and not the data.',
  todo: "Ask the user whether the account at the provider is the one they use. If all users have it, the provider's address is wrong, or has changed.",
  hides: ['answers_empty', 'no_data_yet', 'device_silent'],
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

export const scopeMissing: Rule = {
  code: 'scope_missing',
  severity: 'info',
  means: 'The user did not allow everything that this server asks for; the rest is synced.',
  todo: 'If the user wants that data here, they sign in again and allow it.',
  hides: [],
  find: ofActive((connection, subject) => {
    const missing = missingScopes(connection);
    if (missing.length === 0) return null;
    return {
      message: `The user did not allow ${missing.join(', ')}: what belongs to it does not come.`,
      evidence: { missing_scopes: missing },
      action: reconnect(subject, ' There they may allow it.'),
    };
  }),
};

export const valuesRefused: Rule = {
  code: 'values_refused',
  severity: 'info',
  means: 'Values that cannot be true, or cannot be read, were left out; the answers are kept.',
  todo: 'If all users have it, the provider has changed a unit: look at the drift. If one has, its device is at fault.',
  hides: [],
  find: ofActive((connection, subject) => {
    const { since } = connection.seen;
    return told(
      refused(connection),
      since,
      `values of ${subject.name} were refused`,
      subject.provider,
      'rejected',
    );
  }),
};

export const answersShrunk: Rule = {
  code: 'answers_shrunk',
  severity: 'info',
  means: 'Answers about settled days held fewer samples than are stored: what is stored was kept.',
  todo: 'Nothing: the provider fell back to an older state of the day.',
  hides: [],
  find: ofActive((connection, { name }) => {
    const { rolledBack, since } = connection.seen;
    if (rolledBack.length === 0) return null;
    return {
      since,
      message: `${name} answered with less than is stored, ${counted(total(rolledBack), 'time')} since ${atTime(since)}: what is stored was kept.`,
      evidence: { times: total(rolledBack), series: names(rolledBack) },
      action: withoutRequest('none', 'Nothing: no sample is lost.'),
    };
  }),
};

export const daysRecut: Rule = {
  code: 'days_recut',
  severity: 'info',
  means:
    'Settled days were cut anew by the provider, as after a journey: their samples were merged, their totals kept.',
  todo: 'Nothing.',
  hides: [],
  find: ofActive((connection, { name }) => {
    const { daysRecut: days, since } = connection.seen;
    if (days === 0) return null;
    return {
      since,
      message: `${name} has cut ${counted(days, 'settled day')} anew since ${atTime(since)}, as after a journey: totals were kept.`,
      evidence: { days },
      action: withoutRequest('none', 'Nothing: no sample is lost or counted twice.'),
    };
  }),
};

export const unknownData: Rule = {
  code: 'unknown_data',
  severity: 'info',
  means: 'The answers hold types, fields or words that this version does not know; they are kept.',
  todo: 'Look at the drift; a later version and a replay make data of it.',
  hides: [],
  find: ofActive((connection, subject) => {
    const { unmapped, since } = connection.seen;
    return told(unmapped, since, `things that ${subject.name} sent were not understood`, subject.provider);
  }),
};

export const firstSyncRunning: Rule = {
  code: 'first_sync_running',
  severity: 'info',
  means: 'The first sync after the sign-in is under way; the newest days come first.',
  todo: 'Wait.',
  hides: [],
  find: ofActive(({ running, lastRun, createdAt }, { name }) => {
    if (lastRun !== null) return null;
    const { daysDone = 0, daysTotal = null, runId = null } = running ?? {};
    return {
      since: running?.startedAt ?? createdAt,
      message: `The first sync with ${name} is under way: ${daysDone} of ${daysTotal ?? 'its'} days.`,
      evidence: { run_id: runId, days_done: daysDone, days_total: daysTotal },
      action: waitUntil(null, 'A first sync takes about a minute.'),
    };
  }),
};

/** Told where nothing else is. */
export const healthy: Rule = {
  code: 'healthy',
  severity: 'ok',
  means: 'Answers come, are understood and are stored.',
  todo: 'Nothing.',
  hides: [],
  find({ name, connection }) {
    const stored = connection?.days.filter(({ status }) => status === 'stored') ?? [];
    const days = stored.reduce((sum, group) => sum + group.days, 0);
    const newest =
      stored
        .map(({ to }) => to)
        .toSorted()
        .at(-1) ?? null;
    const syncedAt = connection?.lastSyncedAt ?? null;
    return {
      message: `All is well: ${counted(days, 'day')} of ${name} stored${newest === null ? '' : `, the newest ${onDate(newest)}`}. ${lastAnswer(syncedAt)}`,
      evidence: { days_stored: days, newest_date: newest, last_synced_at: iso(syncedAt) },
      action: withoutRequest('none', 'Nothing.'),
    };
  },
};

function told(sighted: Sighted[], since: Date, what: string, provider: string, kind?: 'rejected') {
  if (sighted.length === 0) return null;
  const query = kind === undefined ? '' : `&kind=${kind}`;
  return {
    since,
    message: `${total(sighted)} ${what} since ${atTime(since)}: ${names(sighted).join(', ')}.`,
    evidence: { times: total(sighted), names: names(sighted) },
    action: look(
      `/api/v1/ops/drift?provider=${provider}${query}`,
      'See whether other users have it too, and since when.',
    ),
  };
}

/**
 * Values left out that should not have been: neither those of an answer that was left out whole, nor what the vendor
 * repeats of yesterday until the phone has fetched.
 */
function refused({ seen, unusable }: ConnectionEvidence): Sighted[] {
  const isAboutOtherDay = unusable.some(({ reason }) => reason === 'other_day');
  const expected = isAboutOtherDay ? / (stale|other_day)$/ : / stale$/;
  return seen.rejected.filter(({ name }) => !expected.test(name));
}

/** Something did come, of which nothing could be made. */
const isExplained = (connection: ConnectionEvidence): boolean =>
  connection.days.some(({ status }) => status === 'stored') &&
  refused(connection).length + connection.seen.unmapped.length > 0;

function newestStored({ days }: ConnectionEvidence): string | null {
  const stored = days.filter(({ status }) => status === 'stored').map(({ to }) => to);
  return stored.toSorted().at(-1) ?? null;
}

function lastSample({ devices }: ConnectionEvidence): Date | null {
  const times = devices.flatMap(({ lastSampleAt }) => lastSampleAt ?? []);
  return times.toSorted((one, other) => other.getTime() - one.getTime())[0] ?? null;
}

/** The local date of the last sample, and how many whole days have passed since without one: today is not over. */
function silence(last: Date, { timeZone }: ConnectionEvidence, now: Date) {
  const lastOn = localDate(last, timeZone);
  const silentFor = daysBetween(lastOn, localDate(now, timeZone)) - 1;
  return { lastOn, silentFor: Math.max(0, silentFor) };
}

function silenceOf(device: DeviceEvidence, connection: ConnectionEvidence, now: Date) {
  const at = device.lastSampleAt;
  if (at === null) return [];
  const { silentFor: days } = silence(at, connection, now);
  return days > 0 && days <= MISSED_FOR_DAYS ? [{ device, at, days }] : [];
}
