import { applyDecorators } from '@nestjs/common';
import { IsBoolean } from 'class-validator';
import { ToBoolean } from '../config/to-boolean';

/** A query parameter that is true or false: `true/false`, `1/0`, `on/off` or `yes/no`. */
export const QueryBoolean = () =>
  applyDecorators(ToBoolean(), IsBoolean({ message: '$property must be true or false' }));
