import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** A setting that is a whole number, both ends included. */
export function WholeNumber(from: number, to: number): PropertyDecorator {
  const validation = { message: `$property must be a whole number from ${from} to ${to}` };
  return applyDecorators(
    Type(() => Number),
    IsInt(validation),
    Min(from, validation),
    Max(to, validation),
  );
}
