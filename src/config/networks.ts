import { isIP } from 'node:net';
import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';

const NAMED = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** A setting that lists addresses and networks. */
export function Networks(): PropertyDecorator {
  return applyDecorators(
    ValidateBy(
      { name: 'isNetwork', validator: { validate: isNetwork } },
      {
        each: true,
        message:
          '$property must list addresses or networks such as 10.0.0.2, 172.16.0.0/12, loopback, linklocal or uniquelocal',
      },
    ),
  );
}

function isNetwork(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  if (NAMED.has(text)) return true;
  const [, address, , prefix] = /^([^/]+)(\/(\d{1,3}))?$/.exec(text) ?? [];
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address ?? '')]!;
  return longest > 0 && (prefix === undefined || (Number(prefix) >= 1 && Number(prefix) <= longest));
}
