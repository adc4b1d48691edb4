import { BadRequestException, Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { isUUID } from 'class-validator';

/**
 * A path parameter that must be a UUID, in the handler and in the API document:
 * `get(@UuidParam('session_id') sessionId: string)`.
 */
export function UuidParam(name: string, description?: string): ParameterDecorator {
  return (prototype, handler, index) => {
    Param(name, uuidPipe(name))(prototype, handler, index);
    const method = Object.getOwnPropertyDescriptor(prototype, handler!)!;
    ApiParam({ name, description, schema: { type: 'string', format: 'uuid' } })(prototype, handler!, method);
  };
}

export const UserIdParam = () => UuidParam('user_id', "The user's id, as `GET /api/v1/users` lists it");

const uuidPipe = (name: string): PipeTransform<string, string> => ({
  transform(value) {
    if (isUUID(value, 'loose')) return value.toLowerCase();
    throw new BadRequestException(
      `Invalid ${name}: '${value}'. Expected a UUID such as 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60.`,
    );
  },
});
