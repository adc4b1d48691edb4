import {
  Catch,
  HttpException,
  HttpStatus,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MAX_BODY_BYTES } from './json-body';
import { sendProblem } from './problem';
import { RouteTable } from './route-table';

/** Every error, the framework's own too, becomes the one error body. What went wrong inside stays in the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = request.is404 ? this.noSuchRoute(request, reply) : problemOf(error);
    if (problem.status === 500) this.logger.error(error);
    if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
    // An answer that has begun cannot become an error any more: cutting it off is the only honest sign.
    if (reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(request, reply, problem);
  }

  private noSuchRoute(request: FastifyRequest, reply: FastifyReply) {
    const [path] = request.url.split('?');
    const methods = this.routes.methodsOf(path);
    if (methods.length === 0) {
      return {
        status: 404,
        detail: `There is no ${request.method} ${path}. The page /docs lists what there is.`,
      };
    }
    void reply.header('Allow', methods.join(', '));
    return { status: 405, detail: `${path} does not take ${request.method}. Use ${methods.join(' or ')}.` };
  }
}

interface Outcome {
  status: number;
  detail: string;
}

function problemOf(error: unknown): Outcome {
  const status: number = error instanceof HttpException ? error.getStatus() : 500;
  if (!(error instanceof HttpException) || status === 500) return { status, detail: 'Internal Server Error' };
  return { status, detail: FRAMEWORK_DETAILS[status as HttpStatus] ?? detailOf(error) };
}

/** Only the framework answers these, in words about itself. */
const FRAMEWORK_DETAILS: Partial<Record<HttpStatus, string>> = {
  [HttpStatus.PAYLOAD_TOO_LARGE]: `The body is too large. Send at most ${MAX_BODY_BYTES} bytes.`,
  [HttpStatus.UNSUPPORTED_MEDIA_TYPE]: 'The body is not JSON. Send JSON with Content-Type: application/json.',
};

function detailOf(exception: HttpException): string {
  const response = exception.getResponse();
  const message = typeof response === 'string' ? response : (response as { message?: unknown }).message;
  const [first] = [message].flat();
  return typeof first === 'string' ? first : exception.message;
}
