import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Problem } from './problem.dto';

const DESCRIPTIONS = {
  400: 'A parameter or the body is not understood; `detail` says what to send instead.',
  401: 'Neither a valid access token nor a valid API key.',
  403: 'The API key lacks the scope that this operation needs.',
  404: 'There is no such thing, or not for this key.',
  409: 'It collides with what is already there.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  429: 'Too many requests; `Retry-After` says when to come back.',
  500: 'A mistake of the server; quote `X-Request-Id` when you report it.',
  501: 'The provider, or this server, has no such ability.',
  502: 'The provider gave an answer that cannot be used.',
  503: 'Something this operation needs is not available right now.',
  504: 'The provider did not answer in time.',
} as const;

/** 401 where no API key is taken. */
export const NOT_SIGNED_IN = 'No valid access token of a developer who is signed in.';

export type ErrorStatus = keyof typeof DESCRIPTIONS;

/** Documents the error answers of one operation, or with `@Controller` of all of its operations. */
export const ApiErrors = (...statuses: ErrorStatus[]) =>
  applyDecorators(
    ApiExtraModels(Problem),
    ...statuses.map((status) => ApiResponse({ status, ...errorAnswer(status) })),
  );

export const errorAnswer = (status: ErrorStatus) => ({
  description: DESCRIPTIONS[status],
  content: { 'application/json': { schema: { $ref: getSchemaPath(Problem) } } },
});
