import { QueryFailedError } from 'typeorm';
import pinoHttp from 'pino-http';
import { logOptions } from './logging';

describe('the log', () => {
  function logged(write: (logger: ReturnType<typeof pinoHttp>['logger']) => void): string {
    let text = '';
    write(pinoHttp(logOptions('info'), { write: (line: string) => void (text += line) }).logger);
    return text;
  }

  it("has an error's type, code, message and stack", () => {
    const error = Object.assign(new TypeError('it broke'), { code: 'E_BROKEN' });
    const line = JSON.parse(logged((logger) => logger.error({ err: error })));
    expect(line).toEqual({
      level: 'error',
      time: expect.stringMatching(/Z$/),
      err: { type: 'TypeError', code: 'E_BROKEN', message: 'it broke', stack: error.stack },
      msg: 'it broke',
    });
  });

  it('has nothing of what drivers and HTTP clients hang on their errors', () => {
    const query = new QueryFailedError('INSERT INTO app_user', ['secret-parameter'], new Error('refused'));
    const call = Object.assign(new Error('status 500'), {
      config: { headers: { Authorization: 'Bearer secret-token' } },
      response: { data: 'secret-body' },
    });
    const text = logged((logger) => {
      logger.error({ err: query });
      logger.error({ err: call });
    });
    expect(text).toContain('refused');
    expect(text).not.toContain('secret');
  });

  it("leaves out the framework's account of its boot, but not its warnings", () => {
    const text = logged((logger) => {
      logger.info({ context: 'RouterExplorer' }, 'Mapped {/api/v1/users, GET} route');
      logger.warn({ context: 'RouterExplorer' }, 'two handlers for one route');
      logger.info({ context: 'Vitalbase' }, 'Listening');
    });
    expect(text).not.toContain('Mapped');
    expect(text).toContain('two handlers');
    expect(text).toContain('Listening');
  });
});
