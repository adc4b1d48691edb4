import type { Evidence, ProviderCase } from './evidence';
import type { Finding, FindingCode, Rule } from './finding';
import { look } from './rules/actions';
import * as absence from './rules/absence-rules';
import * as access from './rules/access-rules';
import * as answers from './rules/answer-rules';
import * as delivery from './rules/delivery-rules';
import * as signIn from './rules/sign-in-rules';
import * as tokens from './rules/token-rules';

/** Every finding there may be, the most pressing first. */
export const RULES: readonly Rule[] = [
  access.notConfigured,
  tokens.clientRefused,
  signIn.signInFailed,
  signIn.signInUnfinished,
  access.accountChanged,
  tokens.reconnectNeeded,
  access.accessForbidden,
  tokens.tokenNotAccepted,
  access.internalError,
  delivery.syncOverdue,
  tokens.refreshFailing,
  delivery.rateLimited,
  delivery.providerUnavailable,
  delivery.answersUnusable,
  delivery.daysParked,
  delivery.backfillPaused,
  absence.allDays404,
  absence.answersEmpty,
  absence.noDataYet,
  absence.deviceSilent,
  access.scopeMissing,
  answers.valuesRefused,
  answers.answersShrunk,
  answers.daysRecut,
  answers.unknownData,
  absence.backfillRunning,
  signIn.disconnected,
  signIn.neverConnected,
  answers.healthy,
];

const RANKS = new Map(RULES.map(({ code }, rank) => [code, rank]));

/** What there is to say about a user, the most pressing first: one finding a cause, without its consequences. */
export function diagnose({ cases }: Evidence, now: Date): Finding[] {
  if (cases.length === 0) return [connectedToNothing()];
  return cases
    .flatMap((subject) => ofProvider(subject, now))
    .toSorted((one, other) => RANKS.get(one.code)! - RANKS.get(other.code)!);
}

/** Of a provider there is always something to say, and be it that all is well. */
function ofProvider(subject: ProviderCase, now: Date): Finding[] {
  const findings: Finding[] = [];
  const hidden = new Set<FindingCode>();
  for (const [rank, rule] of RULES.entries()) {
    const isLast = rule === answers.healthy;
    if (hidden.has(rule.code) || (isLast && findings.length > 0)) continue;
    const told = rule.find(subject, now);
    if (told === null) continue;
    const { code, severity } = rule;
    const { provider, connection } = subject;
    findings.push({
      code,
      severity,
      provider,
      connectionId: connection?.id ?? null,
      ...told,
      since: told.since ?? null,
    });
    const hides = rule.hides === 'rest' ? RULES.slice(rank + 1).map((one) => one.code) : rule.hides;
    for (const consequence of hides) hidden.add(consequence);
  }
  return findings;
}

function connectedToNothing(): Finding {
  const { code, severity } = signIn.neverConnected;
  return {
    code,
    severity,
    provider: null,
    connectionId: null,
    since: null,
    message: 'The user has never been connected to a provider.',
    evidence: {},
    action: look(
      '/api/v1/oauth/providers',
      'Choose a provider; `GET /api/v1/oauth/{provider}/authorize` begins the sign-in.',
    ),
  };
}
