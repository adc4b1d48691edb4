import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { Api } from '../scripts/demo/api';
import { connectAndFetch } from '../scripts/demo/backfill';
import { consentForm } from '../scripts/demo/consent';
import { shellVariables } from '../scripts/demo/guide';
import { clockTime, duration, hypnogram, nightText } from '../scripts/demo/night';
import { freePort } from '../scripts/demo/ports';
import { Services } from '../scripts/demo/services';
import { progressBar } from '../scripts/demo/terminal';

describe('the demo', () => {
  it('sends the consent form as it stands, with "Allow"', () => {
    const html = `<form><input type="hidden" name="state" value="a&amp;b&#39;c">
      <input type="radio" name="persona" value="17"><input type="radio" name="persona" value="19" checked>
      <input type="checkbox" name="scope" value="ring_data" checked><input type="checkbox" name="scope" value="profile" checked>
      <input type="checkbox" name="scope" value="cgm_data"><button name="decision" value="deny">Deny</button></form>`;
    expect(consentForm(html).toString()).toBe(
      'state=a%26b%27c&persona=19&scope=ring_data&scope=profile&decision=allow',
    );
  });

  it('waits after a new sign-in for the run that comes of it, not for one from before a disconnect', async () => {
    let asked = 0;
    const runs = () => {
      const cancelled = { run_id: 'before', status: 'cancelled', items_processed: 3, items_total: 32 };
      const status = ++asked > 3 ? 'failed' : 'in_progress';
      const fresh = {
        run_id: 'after',
        status,
        items_processed: 32,
        items_total: 32,
        error: 'of the new run',
      };
      return asked > 2 ? [fresh, cancelled] : [cancelled];
    };
    const server = createHttpServer((request, response) => {
      const { pathname } = new URL(request.url!, url());
      const answers: Record<string, () => unknown> = {
        '/api/v1/users/u/connections': () => [{ provider: 'p', status: 'revoked' }],
        '/api/v1/oauth/p/authorize': () => ({ authorization_url: `${url()}/consent` }),
        '/api/v1/users/u/sync/runs': runs,
      };
      const isConsent = pathname === '/consent' || pathname === '/callback';
      const location = pathname === '/callback' ? '/done' : `${url()}/callback`;
      response.writeHead(isConsent && (request.method === 'POST' || pathname === '/callback') ? 302 : 200, {
        location,
      });
      response.end(JSON.stringify(answers[pathname]?.() ?? {}));
    }).listen(0, '127.0.0.1');
    const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await once(server, 'listening');
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      const fetched = connectAndFetch(new Api(url(), 'key'), 'p', 'u', new Date('2026-03-09T10:00:00Z'));
      await expect(fetched).rejects.toThrow('The sync failed: of the new run');
    } finally {
      jest.restoreAllMocks();
      server.closeAllConnections();
      server.close();
    }
  });

  it('draws each column of the night as the stage that lasts longest in it', () => {
    const at = (minute: number) => new Date(Date.UTC(2026, 2, 3, 22, minute)).toISOString();
    const intervals = [
      { stage: 'light', start_time: at(0), end_time: at(32) },
      { stage: 'deep', start_time: at(32), end_time: at(48) },
      { stage: 'rem', start_time: at(48), end_time: at(64) },
    ];
    expect(hypnogram(intervals, at(0), at(64))).toEqual([
      'Awake',
      `REM    ${' '.repeat(48)}${'█'.repeat(16)}`,
      `Light  ${'█'.repeat(32)}`,
      `Deep   ${' '.repeat(32)}${'█'.repeat(16)}`,
    ]);
  });

  it('tells a night without stages in one line', () => {
    const night = {
      start_time: '2026-03-03T17:29:00Z',
      end_time: '2026-03-04T01:14:00Z',
      zone_offset: '+05:30',
      duration_seconds: 27_900,
      sleep_duration_seconds: 26_340,
      efficiency_percent: 94.4,
      stages: null,
      sleep_stage_intervals: null,
      is_nap: false,
    };
    expect(nightText(night)).toEqual(['7 h 19 min asleep · 7 h 45 min in bed · efficiency 94 %']);
  });

  it('shows the wearer’s own clock, across midnight and without a zone', () => {
    expect(clockTime('2026-03-03T21:47:00Z', '+05:30')).toBe('03:17');
    expect(clockTime('2026-03-03T01:13:00Z', '-03:30')).toBe('21:43');
    expect(clockTime('2026-03-03T07:59:00Z', null)).toBe('07:59');
    expect(duration(59.6)).toBe('1 h 00 min');
  });

  it('shows progress before and after the total is known', () => {
    expect(progressBar({ done: 0, total: null }, 1_234)).toBe(`${'░'.repeat(30)}   0 %  waiting  1.2 s`);
    expect(progressBar({ done: 8, total: 32 }, 5_678)).toBe(
      `${'█'.repeat(8)}${'░'.repeat(22)}  25 %  8 of 32 days  5.7 s`,
    );
  });

  it('steps around a taken port and says so', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const taken: number[] = [];
    try {
      expect(await freePort(port, (one) => taken.push(one))).toBeGreaterThan(port);
      expect(taken[0]).toBe(port);
    } finally {
      blocker.close();
    }
  });

  it('stops what it has started, the last one first, and starts nothing afterwards', async () => {
    const services = new Services();
    const stopped: string[] = [];
    const service = (name: string) => ({ stop: async () => void stopped.push(name) });
    await services.start(async () => service('database'));
    await expect(services.start(async () => Promise.reject(new Error('taken')))).rejects.toThrow('taken');
    const slow = services.start(async () => service('server'));
    await Promise.all([services.stop(), services.stop()]);
    await slow;
    expect(stopped).toEqual(['server', 'database']);
    await expect(services.start(async () => service('late'))).rejects.toThrow('stopping');
  });

  it('writes variables that a shell can read', () => {
    const access = {
      url: 'http://127.0.0.1:8001',
      key: 'sk-vb_test_x',
      email: 'a@example.com',
      password: 'secret',
      userId: 'u',
      provider: 'p',
    };
    expect(shellVariables(access, new Date('2026-03-09T10:00:00Z'))).toBe(
      `export VITALBASE_URL='http://127.0.0.1:8001'\nexport VITALBASE_KEY='sk-vb_test_x'\n` +
        `export VITALBASE_EMAIL='a@example.com'\nexport VITALBASE_PASSWORD='secret'\nexport USER_ID='u'\n` +
        `export START='2026-03-03'\nexport END='2026-03-10'\n`,
    );
  });
});
