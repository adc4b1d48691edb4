import { formatKey, parseKey, randomKey } from './api-key-format';

describe('an API key', () => {
  it('says where it belongs and carries 256 bits of secret', () => {
    const parts = randomKey('test');
    expect(formatKey(parts)).toMatch(/^sk-vb_test_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9a-f]{8}$/);
    expect(parseKey(formatKey(parts))).toEqual(parts);
    expect(randomKey('test').secret).not.toBe(parts.secret);
  });

  it('is the same without its prefix', () => {
    const parts = randomKey('test');
    expect(parseKey(formatKey(parts).replace('sk-', ''))).toEqual(parts);
  });

  it('is recognised as mistyped wherever one character differs', () => {
    const key = formatKey(randomKey('live'));
    for (const [index, character] of key.split('').entries()) {
      const mistyped = key.slice(0, index) + (character === 'x' ? 'y' : 'x') + key.slice(index + 1);
      expect(parseKey(mistyped)).toBeNull();
    }
  });

  it.each(['', 'sk-0123456789abcdef0123456789abcdef', 'vb_test_', 'vb_prod_x_y_z'])('is not %j', (text) => {
    expect(parseKey(text)).toBeNull();
  });
});
