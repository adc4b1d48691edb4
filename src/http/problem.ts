import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from './problem.dto';

const PROBLEM_JSON = 'application/problem+json';

/** Open Wearables' clients know plain JSON only, so the media type of RFC 9457 goes to those who ask for it. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, detail }: Pick<Problem, 'status' | 'detail'>,
): void {
  const problem: Problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
  const asked = request.headers.accept?.includes(PROBLEM_JSON) ?? false;
  void reply
    .status(status)
    .type(asked ? PROBLEM_JSON : 'application/json; charset=utf-8')
    .send(JSON.stringify(problem));
}
