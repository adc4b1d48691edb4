import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DateTime } from 'luxon';

const ZONE = 'America/St_Johns';

/** The vendor of the tiny provider: OAuth with PKCE and Basic client authentication, days of two metrics, and nights. */
export async function startAcmeBandVendor(): Promise<{ url: string; close(): Promise<void> }> {
  const challenges = new Map<string, string>();
  const tokens = new Set<string>();

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: Error) => send(response, 500, { error: error.message }));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://vendor');
    if (url.pathname === '/oauth/authorize') return authorize(url.searchParams, response);
    if (url.pathname === '/oauth/token') return exchange(request, response);
    if (!tokens.has(request.headers.authorization?.replace('Bearer ', '') ?? ''))
      return send(response, 401, {});
    if (url.pathname === '/v2/me') return send(response, 200, { id: 'acme-77', nickname: 'Robin' });
    send(response, 200, daysBetween(url.searchParams.get('from')!, url.searchParams.get('to')!));
  }

  /** Consent is given at once: this vendor knows its user already. */
  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const code = randomUUID();
    challenges.set(code, query.get('code_challenge') ?? '');
    const back = new URL(query.get('redirect_uri')!);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state')!);
    response.writeHead(302, { location: back.href }).end();
  }

  async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const expected = `Basic ${Buffer.from('vitalbase:acme-secret').toString('base64')}`;
    if (request.headers.authorization !== expected) return send(response, 401, { error: 'invalid_client' });
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenges.get(form.get('code') ?? '') !== challenge)
      return send(response, 400, { error: 'invalid_grant' });
    const token = randomUUID();
    tokens.add(token);
    send(response, 200, {
      access_token: token,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: randomUUID(),
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/**
 * Two pulses a day, at 01:30 and 23:15 local, that count up with the day of the month, and the night that ended at 06:10;
 * none for future days.
 */
function daysBetween(from: string, to: string): unknown[] {
  const last = DateTime.fromISO(to, { zone: ZONE });
  const days = [];
  for (let day = DateTime.fromISO(from, { zone: ZONE }); day <= last; day = day.plus({ days: 1 })) {
    if (day > DateTime.now()) continue;
    days.push({
      day: day.toISODate(),
      midnight: day.toUTC().toISO(),
      pulse: [
        [day.plus({ hours: 1, minutes: 30 }).toUTC().toISO(), 60 + day.day],
        [day.plus({ hours: 23, minutes: 15 }).toUTC().toISO(), 100 + day.day],
      ],
      steps: 5_000 + day.day,
      night: {
        from: day.minus({ minutes: 50 }).toUTC().toISO(),
        to: day.plus({ hours: 6, minutes: 10 }).toUTC().toISO(),
        minutes_asleep: 380,
      },
      readiness: 40 + day.day,
    });
  }
  return days;
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
