import { createHash } from 'node:crypto';

/** Who the nth user of a seed is. The same seed always makes the same people. */
export interface SeedPerson {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  /** Of the accounts at the vendor. */
  account: number;
  /** From 0 to below 1: for what is left to chance. */
  chance: number;
}

const FIRST_NAMES = [
  'Amara',
  'Benoit',
  'Carmen',
  'Dmitri',
  'Elif',
  'Farid',
  'Greta',
  'Hiro',
  'Ines',
  'Jamal',
  'Kaia',
  'Lars',
];
const LAST_NAMES = [
  'Adeyemi',
  'Brandt',
  'Castillo',
  'Dubois',
  'Eriksen',
  'Fontana',
  'Gupta',
  'Haas',
  'Ivanov',
  'Jansen',
  'Kim',
];
/** The first account of a kind is left to whoever signs in by hand. */
const ACCOUNTS = 99_999;

export function seedPerson(seed: number, index: number): SeedPerson {
  const digest = createHash('sha256').update(`vitalbase seed ${seed} ${index}`).digest();
  const pick = <T>(values: readonly T[], at: number): T => values[digest.readUInt32BE(at) % values.length];
  const [firstName, lastName] = [pick(FIRST_NAMES, 0), pick(LAST_NAMES, 4)];
  const id = uuidOf(digest.subarray(16));
  return {
    id,
    firstName,
    lastName,
    email: `${firstName}.${lastName}.${id.slice(0, 8)}@example.com`.toLowerCase(),
    account: 1 + (digest.readUInt32BE(8) % ACCOUNTS),
    chance: digest.readUInt32BE(12) / 2 ** 32,
  };
}

/** Of the version for ids of one's own making (RFC 9562). */
function uuidOf(bytes: Buffer): string {
  const own = Buffer.from(bytes.subarray(0, 16));
  own[6] = (own[6] & 0x0f) | 0x80;
  own[8] = (own[8] & 0x3f) | 0x80;
  return own.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
