import { hashPassword, verifyPassword } from './password';

describe('a password', () => {
  it('is kept as a salted hash that says how it was made', async () => {
    const [first, second] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
    expect(first).toMatch(/^scrypt\$32768\$8\$3\$[A-Za-z0-9+/=]{24}\$[A-Za-z0-9+/=]{44}$/);
    expect(second).not.toBe(first);
  });

  it('is told from every other', async () => {
    const hash = await hashPassword('correct horse');
    expect(await verifyPassword('correct horse', hash)).toBe(true);
    for (const wrong of ['correct horse ', 'Correct horse', '']) {
      expect(await verifyPassword(wrong, hash)).toBe(false);
    }
    expect(await verifyPassword('correct horse', null)).toBe(false);
  });

  it('is the same however a keyboard composes it', async () => {
    expect(await verifyPassword('cafe\u0301 au lait', await hashPassword('caf\u00e9 au lait'))).toBe(true);
  });

  it('made at another cost is still checked', async () => {
    const { scryptSync } = await import('node:crypto');
    const salt = Buffer.from('a salt of sixteen');
    const hash = scryptSync('correct horse', salt, 32, { N: 1_024, r: 8, p: 1 });
    const stored = `scrypt$1024$8$1$${salt.toString('base64')}$${hash.toString('base64')}`;
    expect(await verifyPassword('correct horse', stored)).toBe(true);
    expect(await verifyPassword('wrong horse', stored)).toBe(false);
  });
});
