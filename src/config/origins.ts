import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A setting that lists exact origins, comma separated: https, or http on this machine. */
export function Origins(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? originsOf(value) : value)),
    ValidateBy(
      { name: 'isOrigin', validator: { validate: isOrigin } },
      {
        each: true,
        message: '$property must list origins such as https://app.example.com or http://localhost:3000',
      },
    ),
  );
}

/** As browsers write them, so that they can be compared as texts. */
const originsOf = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => (isOrigin(entry) ? new URL(entry).origin : entry));

function isOrigin(entry: unknown): boolean {
  // A pattern would be read as a host of that name.
  if (typeof entry !== 'string' || entry.includes('*') || !URL.canParse(entry)) return false;
  const { protocol, hostname, href, origin } = new URL(entry);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
  return isSafe && href === `${origin}/` && !/[/@?#]$/.test(entry);
}
