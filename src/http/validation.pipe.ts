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
  if (error.constraints) return Object.values(error.constraints)[0];
  return error.children?.length ? firstMessage(error.children) : `${error.property} is not valid.`;
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
