import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ENVIRONMENTS = ['test', 'live'] as const;
export type KeyEnvironment = (typeof ENVIRONMENTS)[number];

/**
 * `sk-vb_test_<id>_<secret>_<checksum>`: `sk-` is what clients of Open Wearables look for, `vb_` what secret scanners find,
 * and the checksum spots a typo for free. Without `sk-` it is the same key.
 */
export interface KeyParts {
  environment: KeyEnvironment;
  id: string;
  secret: string;
}

const PREFIX = 'sk-';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;
/** 43 characters of 62 are 256 bits. */
const SECRET_LENGTH = 43;
const KEY = new RegExp(
  `^(?:sk-)?(vb_(test|live)_([0-9A-Za-z]{${ID_LENGTH}})_([0-9A-Za-z]{${SECRET_LENGTH}}))_([0-9a-f]{8})$`,
);

export const randomKey = (environment: KeyEnvironment): KeyParts => ({
  environment,
  id: randomText(ID_LENGTH),
  secret: randomText(SECRET_LENGTH),
});

export function formatKey({ environment, id, secret }: KeyParts): string {
  const body = `vb_${environment}_${id}_${secret}`;
  return `${PREFIX}${body}_${checksum(body)}`;
}

/** What may be shown of a key, by which its owner knows it. */
export const keyPrefix = ({ environment, id }: Omit<KeyParts, 'secret'>): string =>
  `${PREFIX}vb_${environment}_${id}`;

/** Whether a text is meant as a key, right or wrong, and not as a token of a sign-in. */
export const looksLikeKey = (text: string): boolean => /^(sk-|vb_)/.test(text);

/** @returns null for a text that cannot be one of our keys, which then costs no query */
export function parseKey(text: string): KeyParts | null {
  const [, body, named, id, secret, given] = KEY.exec(text) ?? [];
  const environment = ENVIRONMENTS.find((each) => each === named);
  if (environment === undefined || checksum(body) !== given) return null;
  return { environment, id, secret };
}

const checksum = (text: string) => crc32(text).toString(16).padStart(8, '0');

const randomText = (length: number) =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
