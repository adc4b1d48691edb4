import { randomBytes } from 'node:crypto';
import { SealRefused } from './sealed-box';
import { TokenVault, UnknownEncryptionKey, type SecretPlace } from './token-vault';

const keyOf = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;

const place: SecretPlace = { table: 'credential', column: 'access_token', row: ['user-1', 'connection-1'] };
const elsewhere: [string, SecretPlace][] = [
  ['another row', { ...place, row: ['user-1', 'connection-2'] }],
  ['a row whose key parts run together alike', { ...place, row: ['user-1connection-1'] }],
  ['another column', { ...place, column: 'refresh_token' }],
  ['another table', { ...place, table: 'oauth_state' }],
];

describe(TokenVault.name, () => {
  const vault = new TokenVault([keyOf('first', 3)]);

  it('gives back what it encrypted', () => {
    const secret = vault.encrypt('a token – ünïcode', place);
    expect(secret.keyId).toBe('first');
    expect(vault.decrypt(secret, place).toString()).toBe('a token – ünïcode');
  });

  it('hides the text, and encrypts the same text differently each time', () => {
    const [one, two] = [vault.encrypt('plain-token', place), vault.encrypt('plain-token', place)];
    expect(one.ciphertext.includes('plain-token')).toBe(false);
    expect(one.ciphertext.equals(two.ciphertext)).toBe(false);
  });

  it.each(elsewhere)('does not open in %s', (_name, other) => {
    const secret = vault.encrypt('a token', place);
    expect(() => vault.decrypt(secret, other)).toThrow(SealRefused);
  });

  it('does not open when any one byte was changed', () => {
    const { keyId, ciphertext } = vault.encrypt('a token', place);
    for (let at = 0; at < ciphertext.length; at++) {
      const changed = Buffer.from(ciphertext);
      changed[at] ^= 1;
      expect(() => vault.decrypt({ keyId, ciphertext: changed }, place)).toThrow(SealRefused);
    }
  });

  it.each([0, 1, 12, 28])('does not open when cut to %i bytes', (length) => {
    const { keyId, ciphertext } = vault.encrypt('a token', place);
    expect(() => vault.decrypt({ keyId, ciphertext: ciphertext.subarray(0, length) }, place)).toThrow(
      SealRefused,
    );
  });

  it('says which format it does not know', () => {
    const { keyId, ciphertext } = vault.encrypt('a token', place);
    ciphertext[0] = 9;
    expect(() => vault.decrypt({ keyId, ciphertext }, place)).toThrow('unknown format, 9');
  });

  it('encrypts with the first key and still opens what an older key encrypted', () => {
    const old = vault.encrypt('a token', place);
    const rotated = new TokenVault([keyOf('second', 5), keyOf('first', 3)]);
    expect(rotated.decrypt(old, place).toString()).toBe('a token');
    expect(rotated.encrypt('a token', place).keyId).toBe('second');
  });

  it('names the key that is missing', () => {
    const other = new TokenVault([keyOf('second', 5)]);
    expect(() => other.decrypt(vault.encrypt('a token', place), place)).toThrow(UnknownEncryptionKey);
    expect(() => other.decrypt(vault.encrypt('a token', place), place)).toThrow("no key named 'first'");
  });

  it('does not open under another key of the same name, nor when the key id is changed', () => {
    const secret = vault.encrypt('a token', place);
    expect(() => new TokenVault([keyOf('first', 4)]).decrypt(secret, place)).toThrow(SealRefused);
    const sameBytes = new TokenVault([keyOf('first', 3), keyOf('second', 3)]);
    expect(() => sameBytes.decrypt({ ...secret, keyId: 'second' }, place)).toThrow(SealRefused);
  });

  it('refuses two keys of one name', () => {
    expect(() => new TokenVault([keyOf('first', 3), keyOf('first', 5)])).toThrow("names 'first' twice");
  });

  it('takes keys of the URL-safe alphabet too', () => {
    const key = randomBytes(32);
    const secret = new TokenVault([`k:${key.toString('base64url')}`]).encrypt('a token', place);
    expect(new TokenVault([`k:${key.toString('base64')}`]).decrypt(secret, place).toString()).toBe('a token');
  });
});
