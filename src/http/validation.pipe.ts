import { BadRequestException, ValidationPipe, type ValidationError } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

/** Requests are checked against their DTO class; what the class does not name is refused, not ignored. */
export const validationPipe = () =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: true, value: false },
    exceptionFactory: (errors: ValidationError[]) => new BadRequestException(firstMessage(errors)),
  });

/** Clients show `detail` as a text, so it holds one message: unknown names first, since a typo explains the rest. */
function firstMessage(errors: ValidationError[]): string {
  const error = errors.find(isUnknown) ?? errors[0];
  if (isUnknown(error)) return unknownMessage(error);
  if (error.constraints) return firstOf(error.constraints);
  return error.children?.length ? firstMessage(error.children) : `${error.property} is not valid.`;
}

/** What is wrong with the kind of a value comes before what is wrong with its size. */
const OF_KIND = ['isInt', 'isString', 'isBoolean', 'isUuid', 'isArray'];

function firstOf(constraints: Record<string, string>): string {
  const kind = OF_KIND.find((name) => name in constraints);
  return kind === undefined ? Object.values(constraints)[0] : constraints[kind];
}

const isUnknown = ({ constraints }: ValidationError) => constraints?.whitelistValidation !== undefined;

function unknownMessage({ property, target }: ValidationError): string {
  const accepted = target === undefined ? [] : propertiesOf(target.constructor);
  const hint = accepted.length > 0 ? `Accepted are: ${accepted.join(', ')}.` : 'None is accepted here.';
  return `Unknown parameter '${property}'. ${hint}`;
}

const propertiesOf = (dto: Function) => [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(dto, '', false, false)
      .map(({ propertyName }) => propertyName),
  ),
];
