import type { EntityManager } from 'typeorm';
import { PROBE_SECONDS, STEP_SECONDS, WINDOW_SECONDS, type CallRecord, type Outcome } from './breaker';
import { capacityOf, priceOf, slotsOf, type Standing, type VendorCall } from './budget-rules';
import type { Block } from './rate-limit';
import { WHOLE_APP } from './vendor-block.entity';

/**
 * Every change of a budget is one statement of its own, so that no process, and be it stopped at the worst moment, holds
 * the row for longer than that. Counts that are worth a second at most are committed without waiting for the disk.
 */
const WITHOUT_WAITING = `set_config('synchronous_commit', 'off', true)`;

// $1 provider, $2 class, $3 now, $4 call, $5 requests per second, $6 capacity, $7 cost, $8 floor, $9 connection, $10 slots,
// $11 end of the call. The row's time never runs back, however the clocks of the processes differ.
const TOKENS = `least($6::double precision,
  b.tokens + $5::double precision * greatest(0, extract(epoch FROM $3::timestamptz - b.refilled_at))::double precision)`;
const EPOCH_MS = `extract(epoch FROM $3::timestamptz) * 1000`;
const LIVE = `jsonb_each(b.in_flight) call WHERE (call.value->>1)::double precision > ${EPOCH_MS}`;
const UNDER_WAY = `(SELECT count(*) FROM ${LIVE} AND call.value->>0 = $9)`;
const BLOCKED_UNTIL = `(SELECT max(until) FROM vendor_block WHERE provider = $1 AND subject IN ('${WHOLE_APP}', $9))`;

const ASK = `
  WITH granted AS (
    UPDATE vendor_budget b
       SET requests_per_second = $5,
           tokens = ${TOKENS} - $7::double precision,
           refilled_at = greatest(b.refilled_at, $3),
           in_flight = (SELECT coalesce(jsonb_object_agg(call.key, call.value), '{}') FROM ${LIVE})
             || jsonb_build_object($4::text, jsonb_build_array($9::text, $11::bigint)),
           probe_at = CASE WHEN b.opened_at IS NOT NULL
                           THEN $3::timestamptz + interval '${PROBE_SECONDS} seconds' END
     WHERE b.provider = $1 AND b.endpoint_class = $2
       AND coalesce(${BLOCKED_UNTIL}, '-infinity') <= $3
       AND coalesce(b.probe_at, '-infinity') <= $3
       AND ($10::integer IS NULL OR ${UNDER_WAY} < $10::integer)
       AND ${TOKENS} >= $7::double precision + $8::double precision
    RETURNING b.opened_at IS NOT NULL AS is_probe)
  SELECT ${WITHOUT_WAITING},
         granted.is_probe AS "isProbe",
         ${BLOCKED_UNTIL} AS "blockedUntil",
         b.probe_at AS "probeAt",
         ${UNDER_WAY}::integer AS "underWay",
         ${TOKENS} AS tokens
    FROM vendor_budget b LEFT JOIN granted ON true
   WHERE b.provider = $1 AND b.endpoint_class = $2`;

const CREATE = `
  INSERT INTO vendor_budget (provider, endpoint_class, requests_per_second, tokens, refilled_at, in_flight, recent_calls,
                             failures_in_row, failed_connections)
  VALUES ($1, $2, $3, $4, $5, '{}', '{}', 0, '{}')
  ON CONFLICT DO NOTHING`;

/** What an asker gets. `isProbe`: the breaker is open, and this call is to find out. */
export type Answer = Standing & { isProbe: boolean };

/**
 * Takes a token and a slot, or neither. A refusal writes nothing.
 * @param id of the call, unique
 */
export async function ask(manager: EntityManager, call: VendorCall, id: string, now: Date): Promise<Answer> {
  const { provider, endpointClass, caller, timeoutMs } = call;
  const { requestsPerSecond } = provider.limits;
  const capacity = capacityOf(requestsPerSecond);
  const { cost, floor } = priceOf(endpointClass, caller.urgency, capacity);
  const parameters = [provider.slug, endpointClass, now, id, requestsPerSecond, capacity, cost, floor];
  const slot = [caller.connectionId, slotsOf(call), now.getTime() + timeoutMs];
  for (;;) {
    const [row]: [(Standing & { isProbe: boolean | null })?] = await manager.query(ASK, [
      ...parameters,
      ...slot,
    ]);
    if (row) return { ...row, granted: row.isProbe !== null, isProbe: row.isProbe === true };
    await manager.query(CREATE, [provider.slug, endpointClass, requestsPerSecond, capacity, now]);
  }
}

/** Where a call was counted. */
export interface CountedCall {
  id: string;
  provider: string;
  endpointClass: string;
  connectionId: string | null;
}

// $1 provider, $2 class, $3 now, $4 call, $5 outcome, $6 connection, $7 step of now
const RECORD = `
  WITH recorded AS (
    UPDATE vendor_budget b
       SET in_flight = b.in_flight - $4::text,
           recent_calls = (
             SELECT jsonb_object_agg(step, counts) FROM (
               SELECT key AS step, value AS counts FROM jsonb_each(b.recent_calls)
                WHERE key::bigint > $7::bigint - ${WINDOW_SECONDS / STEP_SECONDS} AND key::bigint <> $7::bigint
               UNION ALL
               SELECT $7::text, jsonb_build_array(
                 coalesce((b.recent_calls->($7::text)->>0)::integer, 0) + 1,
                 coalesce((b.recent_calls->($7::text)->>1)::integer, 0) + ($5 = 'failed')::integer)) steps),
           failures_in_row = CASE $5 WHEN 'ok' THEN 0 WHEN 'failed' THEN b.failures_in_row + 1
                                     ELSE b.failures_in_row END,
           failed_connections = CASE WHEN $5 <> 'failed' OR $6::text IS NULL THEN b.failed_connections ELSE (
             SELECT jsonb_object_agg(key, value) FROM (
               SELECT key, value FROM jsonb_each(b.failed_connections || jsonb_build_object($6::text, ${EPOCH_MS}))
                ORDER BY value::text::double precision DESC LIMIT 3) latest) END,
           answered_at = CASE WHEN $5 = 'ok' THEN greatest(b.answered_at, $3) ELSE b.answered_at END
     WHERE b.provider = $1 AND b.endpoint_class = $2
    RETURNING recent_calls, failures_in_row, failed_connections, answered_at, opened_at)
  SELECT ${WITHOUT_WAITING}, recent_calls AS "recentCalls", failures_in_row AS "failuresInRow",
         failed_connections AS "failedConnections", answered_at AS "answeredAt", opened_at AS "openedAt"
    FROM recorded`;

/**
 * Gives back the slot and counts the outcome.
 * @returns null where the row has gone
 */
export async function record(
  manager: EntityManager,
  call: CountedCall,
  outcome: Outcome,
  now: Date,
): Promise<CallRecord | null> {
  const step = Math.floor(now.getTime() / 1_000 / STEP_SECONDS);
  const place = [call.provider, call.endpointClass, now, call.id];
  const [row] = await manager.query(RECORD, [...place, outcome, call.connectionId, step]);
  return row ?? null;
}

/** Forgets the calls under way of these connections. */
export async function forgetCalls(manager: EntityManager, connectionIds: string[]): Promise<void> {
  await manager.query(
    `UPDATE vendor_budget b
        SET in_flight = (SELECT coalesce(jsonb_object_agg(call.key, call.value), '{}')
                           FROM jsonb_each(b.in_flight) call WHERE call.value->>0 <> ALL ($1::text[]))
      WHERE EXISTS (SELECT FROM jsonb_each(b.in_flight) call WHERE call.value->>0 = ANY ($1::text[]))`,
    [connectionIds],
  );
}

/** Whether another connection is held back, and nobody was answered since it was told. */
export async function isToldToOthers(manager: EntityManager, call: CountedCall, now: Date): Promise<boolean> {
  const [{ told }] = await manager.query(
    `SELECT EXISTS (
       SELECT 1 FROM vendor_block block JOIN vendor_budget b USING (provider)
        WHERE provider = $1 AND b.endpoint_class = $2 AND subject NOT IN ('${WHOLE_APP}', coalesce($4, ''))
          AND until > $3 AND told_at > coalesce(b.answered_at, '-infinity')) AS told`,
    [call.provider, call.endpointClass, now, call.connectionId],
  );
  return told;
}

/** In the order given, so that two processes cannot lock each other out. Blocks only grow. */
export async function saveBlocks(
  manager: EntityManager,
  provider: string,
  blocks: Block[],
  now: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO vendor_block (provider, subject, until, told_at)
     SELECT $1, subject, until, $4 FROM unnest($2::text[], $3::timestamptz[]) AS block (subject, until)
     ON CONFLICT (provider, subject) DO UPDATE
        SET until = greatest(vendor_block.until, excluded.until), told_at = greatest(vendor_block.told_at, excluded.told_at)`,
    [provider, blocks.map(({ subject }) => subject), blocks.map(({ until }) => until), now],
  );
}

export async function forgetEndedBlocks(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(`DELETE FROM vendor_block WHERE until < $1`, [now]);
}

/** @returns whether it was closed until now */
export async function openBreaker(manager: EntityManager, call: CountedCall, now: Date): Promise<boolean> {
  const [, opened]: [unknown, number] = await manager.query(
    `UPDATE vendor_budget SET opened_at = $3, probe_at = $3::timestamptz + interval '${PROBE_SECONDS} seconds'
      WHERE provider = $1 AND endpoint_class = $2 AND opened_at IS NULL`,
    [call.provider, call.endpointClass, now],
  );
  return opened === 1;
}

/** @param channel told in the same transaction @returns whether it was open until now */
export async function closeBreaker(
  manager: EntityManager,
  call: CountedCall,
  { now, channel }: { now: Date; channel: string },
): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `WITH closed AS (
       UPDATE vendor_budget
          SET opened_at = NULL, probe_at = NULL, closed_at = $3, recent_calls = '{}', failures_in_row = 0,
              failed_connections = '{}'
        WHERE provider = $1 AND endpoint_class = $2 AND opened_at IS NOT NULL
       RETURNING 1)
     SELECT pg_notify($4, '') FROM closed`,
    [call.provider, call.endpointClass, now, channel],
  );
  return rows.length === 1;
}
