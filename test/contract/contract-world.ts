import { startSimulator, type RunningSimulator } from '../../simulator/server';
import { startApp, type TestApp } from '../support/app';
import type { TestAnswer, TestRequest } from '../support/send';
import { syncFinished } from '../support/sync-finished';
import { connectPersona, simulatedBy } from '../support/vendor-connection';

/** A ring and a glucose sensor. */
const PERSONA = 1003;
/** Nights in pieces, naps, and a ring that measures the oxygen of the blood. */
const NAPPER = 1006;
/** Of every developer that is made on the way. */
export const PASSWORD = 'a password of six words';
const DAY_MS = 86_400_000;

export const dayAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** Who asks. */
export type Caller = 'key' | 'developer' | 'nobody';

/** A server with two users who have lived for a month, and one who has nothing. */
export class ContractWorld {
  private constructor(
    readonly simulator: RunningSimulator,
    readonly server: TestApp,
    /** Has a month of data. */
    readonly user: string,
    /** Has data of other kinds. */
    readonly napper: string,
    /** Has nothing. */
    readonly newcomer: string,
  ) {}

  static async start(): Promise<ContractWorld> {
    const simulator = await startSimulator();
    const server = await startApp({ ...simulatedBy(simulator), SYNC_TICK: '100ms' });
    const user = await connectPersona(server, PERSONA);
    const napper = await connectPersona(server, NAPPER);
    for (const connected of [user, napper]) await syncFinished(server, connected);
    const { body } = await server.request('POST', '/api/v1/users', { body: {} });
    return new ContractWorld(simulator, server, user, napper, body.id);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.simulator.close();
  }

  ask(caller: Caller, method: string, path: string, options: TestRequest = {}): Promise<TestAnswer> {
    return caller === 'developer'
      ? this.server.asDeveloper(method, path, options)
      : this.server.request(method, path, caller === 'nobody' ? { ...options, key: null } : options);
  }

  /** Asks for what must succeed. @returns the body */
  async get(path: string, caller: Caller = 'key'): Promise<TestAnswer['body']> {
    const { status, body } = await this.ask(caller, 'GET', `/api/v1${path}`);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  async post(path: string, body: object, caller: Caller = 'key'): Promise<TestAnswer['body']> {
    const answer = await this.ask(caller, 'POST', `/api/v1${path}`, { body });
    if (answer.status >= 300)
      throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** @returns the id */
  async newDeveloper(email: string): Promise<string> {
    const { DevelopersService } = await import('../../src/access/developers/developers.service');
    return (await this.server.app.get(DevelopersService).create({ email, password: PASSWORD })).id;
  }

  async newUser(): Promise<string> {
    return (await this.post('/users', {})).id;
  }

  /** Of another account, so that it may be disconnected and deleted. */
  connectedUser(copy: number): Promise<string> {
    return connectPersona(this.server, PERSONA + 10_000 * copy);
  }
}
