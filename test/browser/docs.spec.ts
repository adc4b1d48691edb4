import { connectPersona } from '../support/vendor-connection';
import { send, type Asked } from '../support/send';
import { syncFinished } from '../support/sync-finished';
import { DemoPage, type Problem } from './demo-page';
import { documented, Operator, type DocumentedOperation, type Executed, type Filling } from './operator';

/** Another one than the demo's own user, so that this one may be disconnected and deleted. */
const PERSONA = 11_003;

const NOTHING = '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34';
/** What there cannot be here, so that deleting it does not go well. */
const NOTHING_TO_DELETE = [
  'DELETE /api/v1/users/{user_id}/events/workouts/{workout_id}',
  'DELETE /api/v1/users/{user_id}/events/menstrual-cycles/{cycle_id}',
];

/** The page is filled in so that most work as they stand. These need what the run has made, and go in this order. */
const EARLY = [
  'POST /api/v1/auth/login',
  'POST /api/v1/token/refresh',
  'POST /api/v1/token/revoke',
  'POST /api/v1/users',
  'POST /api/v1/developer/api-keys',
  'POST /api/v1/invitations',
  'GET /api/v1/invitations',
  'POST /api/v1/invitations/{invitation_id}/resend',
  'POST /api/v1/invitations/accept',
  'POST /api/v1/providers/{provider}/users/{user_id}/sync/historical',
  'POST /api/v1/users/{user_id}/sync/runs/{run_id}/pause',
  'POST /api/v1/users/{user_id}/sync/runs/{run_id}/resume',
  'POST /api/v1/users/{user_id}/sync/runs/{run_id}/cancel',
];
const LATE = [
  'PATCH /api/v1/developer/api-keys/{key_id}',
  'POST /api/v1/developer/api-keys/{key_id}/rotate',
  'DELETE /api/v1/developer/api-keys/{key_id}',
  'DELETE /api/v1/developers/{developer_id}',
  'DELETE /api/v1/invitations/{invitation_id}',
  'DELETE /api/v1/users/{user_id}/events/sleep/{sleep_id}',
  'DELETE /api/v1/users/{user_id}/connections/{provider}',
  'DELETE /api/v1/users/{user_id}/connections/{provider}/data',
  'PATCH /api/v1/users/{user_id}',
  'DELETE /api/v1/users/{user_id}',
  'POST /api/v1/auth/change-password',
  'POST /api/v1/auth/logout',
];

/** An operator's page, used the way an operator does: the demo's own server and a real browser. */
describe('the API page of the demo', () => {
  let demo: DemoPage;
  let operator: Operator;
  let api: Asked;
  let operations: DocumentedOperation[];
  const answers = new Map<string, Executed>();
  /** Answers that had to be errors, such as those of the routes for what there is not. */
  const refusals: Executed[] = [];

  beforeAll(async () => {
    demo = await DemoPage.open();
    operator = new Operator(demo.page);
    const { VITALBASE_URL: url, VITALBASE_KEY: key } = demo.variables;
    api = { url, request: (method, path, options) => send(`${url}${path}`, method, { key, ...options }) };
    operations = documented((await api.request('GET', '/openapi.json')).body);
  });
  afterAll(() => demo?.close());

  it('keeps the key over a reload', async () => {
    await operator.authorizeByKey(demo.variables.VITALBASE_KEY);
    await demo.page.reload();
    await demo.page.waitForSelector('.opblock');
    const locked = demo.page.locator('.opblock .authorization__btn[aria-label$=" locked"]');
    await locked.first().waitFor();
    expect(await locked.count()).toBeGreaterThan(10);
  });

  it('answers every operation with its first declared code', async () => {
    const { VITALBASE_EMAIL: email, VITALBASE_PASSWORD: password } = demo.variables;
    await operator.signIn(email, password);
    const user = await connectPersona(api, PERSONA);
    await syncFinished(api, user);
    const wrong: string[] = [];
    for (const operation of inOrder(operations)) {
      const { name, expected } = operation;
      const answer = await operator
        .execute(operation, await fillingOf(name, user))
        .catch((error: Error): Executed => ({
          url: '',
          status: 0,
          body: { detail: error.message } as never,
        }));
      const { status, body } = answer;
      answers.set(name, answer);
      const wanted = NOTHING_TO_DELETE.includes(name) ? 404 : expected;
      if (wanted >= 400 && status === wanted) refusals.push(answer);
      if (status !== wanted) wrong.push(`${name}: ${status} and not ${wanted}: ${String(body.detail)}`);
    }
    expect(wrong).toEqual([]);
    expect(answers.size).toBe(operations.length);
  }, 900_000);

  it('gives the browser nothing to complain of but those refusals, such as a rule of its own policy', () => {
    expect(refusals.length).toBeGreaterThan(10);
    expect(unexplained(demo.problems, refusals)).toEqual([]);
  });

  const idOf = (name: string, field = 'id') => String(answers.get(name)?.body[field]);

  /** @param user who may be disconnected */
  async function fillingOf(name: string, user: string): Promise<Filling | undefined> {
    const { VITALBASE_EMAIL: username, VITALBASE_PASSWORD: password } = demo.variables;
    const refreshed = answers.get('POST /api/v1/token/refresh') ?? answers.get('POST /api/v1/auth/login');
    const run_id = idOf('POST /api/v1/providers/{provider}/users/{user_id}/sync/historical', 'run_id');
    const developer_id = idOf('POST /api/v1/invitations/accept');
    const invitation_id = idOf('POST /api/v1/invitations');
    const fillings: Record<string, () => Filling | Promise<Filling>> = {
      'POST /api/v1/auth/login': () => ({ form: { username, password } }),
      'POST /api/v1/token/refresh': () => ({ body: { refresh_token: refreshed?.body.refresh_token } }),
      'POST /api/v1/token/revoke': () => ({ body: { refresh_token: refreshed?.body.refresh_token } }),
      'POST /api/v1/auth/change-password': () => ({ body: { current_password: password } }),
      'POST /api/v1/invitations/accept': () => ({
        body: { token: answers.get('POST /api/v1/invitations/{invitation_id}/resend')?.body.token },
      }),
      'POST /api/v1/invitations/{invitation_id}/resend': () => ({ parameters: { invitation_id } }),
      'DELETE /api/v1/invitations/{invitation_id}': async () => ({
        parameters: { invitation_id: await secondInvitation() },
      }),
      'POST /api/v1/providers/{provider}/users/{user_id}/sync/historical': () => ({
        parameters: { user_id: user, days: '365' },
      }),
      'GET /api/v1/users/{user_id}/sync/stream': () => ({ parameters: { follow: 'false' } }),
      'GET /api/v1/users/{user_id}/sync/runs/{run_id}': () => ({ parameters: { user_id: user, run_id } }),
      'GET /api/v1/ops/replay/{replay_id}': () => ({
        parameters: { replay_id: idOf('POST /api/v1/ops/replay') },
      }),
      'GET /api/v1/settings/archival/run/{task_id}': () => ({
        parameters: { task_id: idOf('POST /api/v1/settings/archival/run', 'task_id') },
      }),
      'GET /api/v1/settings/seed/{task_id}': () => ({
        parameters: { task_id: idOf('POST /api/v1/settings/seed', 'task_id') },
      }),
      'POST /api/v1/users': () => ({}),
      'PATCH /api/v1/users/{user_id}': () => ({ parameters: { user_id: idOf('POST /api/v1/users') } }),
      'DELETE /api/v1/users/{user_id}': () => ({ parameters: { user_id: idOf('POST /api/v1/users') } }),
      'PATCH /api/v1/developer/api-keys/{key_id}': () => keyMadeBy('POST /api/v1/developer/api-keys'),
      'POST /api/v1/developer/api-keys/{key_id}/rotate': () => keyMadeBy('POST /api/v1/developer/api-keys'),
      'DELETE /api/v1/developer/api-keys/{key_id}': () =>
        keyMadeBy('POST /api/v1/developer/api-keys/{key_id}/rotate'),
    };
    for (const [event, id] of [
      ['workouts', 'workout_id'],
      ['menstrual-cycles', 'cycle_id'],
    ])
      fillings[`DELETE /api/v1/users/{user_id}/events/${event}/{${id}}`] = () => ({
        parameters: { [id]: NOTHING },
      });
    for (const step of ['pause', 'resume', 'cancel'])
      fillings[`POST /api/v1/users/{user_id}/sync/runs/{run_id}/${step}`] = () => ({
        parameters: { user_id: user, run_id },
      });
    for (const method of ['GET', 'DELETE'])
      fillings[`${method} /api/v1/developers/{developer_id}`] = () => ({ parameters: { developer_id } });
    fillings['PATCH /api/v1/developers/{developer_id}'] = () => ({
      parameters: { developer_id },
      // The address of the example is by then that of the developer who is signed in.
      body: { email: 'grace@example.com' },
    });
    for (const method of ['GET', 'DELETE'])
      fillings[`${method} /api/v1/users/{user_id}/events/sleep/{sleep_id}`] = async () => ({
        parameters: { user_id: user, sleep_id: await sleepOf(user) },
      });
    for (const end of ['', '/data'])
      fillings[`DELETE /api/v1/users/{user_id}/connections/{provider}${end}`] = () => ({
        parameters: { user_id: user },
      });
    return fillings[name]?.();
  }

  const keyMadeBy = (name: string): Filling => ({ parameters: { key_id: idOf(name) } });

  async function sleepOf(user: string): Promise<string> {
    const path = `/api/v1/users/${user}/events/sleep?start_date=2000-01-01&end_date=2100-01-01`;
    return (await api.request('GET', path)).body.data[0].id;
  }

  /** The first one has been accepted by then. */
  async function secondInvitation(): Promise<string> {
    const create = operations.find(({ name }) => name === 'POST /api/v1/invitations')!;
    const { body } = await operator.execute(create, { body: { email: 'second@example.com' } });
    return String(body.id);
  }
});

/** First what makes, then what reads and changes, then what deletes; each as the document has it, unless it is named. */
function inOrder(operations: DocumentedOperation[]): DocumentedOperation[] {
  const rank = ({ name }: DocumentedOperation) => {
    if (EARLY.includes(name)) return EARLY.indexOf(name) - EARLY.length;
    if (LATE.includes(name)) return 10 + LATE.indexOf(name);
    // The id of a run or a task is asked for behind what has made it.
    return /\{(task_id|replay_id)\}/.test(name) ? 1 : 0;
  };
  return operations.toSorted((one, other) => rank(one) - rank(other));
}

/** Each refusal accounts for one complaint about its address and status. */
function unexplained(problems: Problem[], refusals: Executed[]): Problem[] {
  const open = refusals.map(({ status, url }) => `${status} ${url}`);
  return problems.filter(({ text, url }) => {
    const [, status] = /^Failed to load resource: .* status of (\d+)/.exec(text) ?? [];
    const index = open.indexOf(`${status} ${url}`);
    if (index !== -1) open.splice(index, 1);
    return index === -1;
  });
}
