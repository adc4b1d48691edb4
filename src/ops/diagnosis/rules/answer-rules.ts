import type { Sighted } from '../evidence';
import { ofActive, type Rule } from '../finding';
import { look, withoutRequest } from './actions';
import { earliest } from './failing-days';
import { newestStored, refused } from './measurements';
import { atTime, counted, iso, lastAnswer, names, onDate, total } from './words';

/** What is in the answers. */

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
  means:
    'Answers hold less than is stored: fewer samples of settled days (`series`), or nothing of days with data (`days_emptied`). What is stored was kept.',
  todo: 'Nothing: the provider fell back to an older state of the day, and is asked again.',
  hides: [],
  find: ofActive(({ seen, days }, { name }) => {
    const times = total(seen.rolledBack);
    const emptied = days.reduce((sum, group) => sum + group.emptied, 0);
    if (times + emptied === 0) return null;
    const less =
      times === 0 ? [] : [`with less than is stored, ${counted(times, 'time')} since ${atTime(seen.since)}`];
    const nothing = emptied === 0 ? [] : [`with nothing about ${counted(emptied, 'day')} with data`];
    return {
      since: times === 0 ? earliest(days.map(({ emptySince }) => emptySince)) : seen.since,
      message: `${name} answered ${[...less, ...nothing].join(', and ')}: what is stored was kept.`,
      evidence: { times, series: names(seen.rolledBack), days_emptied: emptied },
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
    const newest = connection && newestStored(connection);
    const syncedAt = connection?.lastSyncedAt ?? null;
    const next =
      syncedAt === null && connection ? ` The next sync is due at ${atTime(connection.wakeAt)}.` : '';
    return {
      message: `All is well: ${counted(days, 'day')} of ${name} stored${newest === null ? '' : `, the newest ${onDate(newest)}`}. ${lastAnswer(syncedAt)}${next}`,
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
