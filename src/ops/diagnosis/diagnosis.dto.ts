import { ApiProperty } from '@nestjs/swagger';
import { RULES } from './diagnose';
import {
  ACTION_KINDS,
  SEVERITIES,
  type ActionKind,
  type Facts,
  type Finding,
  type FindingCode,
  type Severity,
} from './finding';

export class FindingAction {
  @ApiProperty({ enum: ACTION_KINDS, example: 'reconnect' })
  kind: ActionKind;

  /** In plain words */
  text: string;

  /** Of the request that does it, or begins it; null where no request does @example GET */
  method: 'GET' | 'POST' | null;

  /** @example /api/v1/oauth/acme/authorize?user_id=7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  path: string | null;

  /** What to send with it; null: nothing */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: null })
  body: Record<string, string> | null;

  /** Not earlier than this; null: now @example null */
  not_before: string | null;
}

export class DiagnosisFinding {
  /** Stable; docs/operations.md explains each */
  @ApiProperty({ enum: RULES.map(({ code }) => code), example: 'reconnect_needed' })
  code: FindingCode;

  /** `critical`: no data comes until somebody does something; `warning`: data is late or missing; `info`: worth knowing, nothing is lost; `ok`: all is well */
  @ApiProperty({ enum: SEVERITIES, example: 'critical' })
  severity: Severity;

  /** Slug of the provider; null: about the user as a whole */
  provider: string | null;

  /** Null where there is no connection */
  connection_id: string | null;

  /** Since when it is so, as far as that is known @example 2026-08-07T06:14:00.000Z */
  since: string | null;

  /** One or two sentences, with times in UTC */
  message: string;

  /** The times, dates, counts and codes that it rests on; never a health value */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { refused_at: '2026-08-07T06:14:00.000Z' },
  })
  evidence: Facts;

  /** What to do next */
  action: FindingAction;
}

export class Diagnosis {
  user_id: string;

  /** The moment that it speaks of */
  at: string;

  /** The most pressing first; one finding a cause. All is well where the only one is `healthy` */
  findings: DiagnosisFinding[];
}

export const toDiagnosis = (userId: string, at: Date, findings: Finding[]): Diagnosis => ({
  user_id: userId,
  at: at.toISOString(),
  findings: findings.map(toDiagnosisFinding),
});

const toDiagnosisFinding = ({ action, ...finding }: Finding): DiagnosisFinding => ({
  code: finding.code,
  severity: finding.severity,
  provider: finding.provider,
  connection_id: finding.connectionId,
  since: finding.since?.toISOString() ?? null,
  message: finding.message,
  evidence: finding.evidence,
  action: {
    kind: action.kind,
    text: action.text,
    method: action.method,
    path: action.path,
    body: action.body,
    not_before: action.notBefore?.toISOString() ?? null,
  },
});
