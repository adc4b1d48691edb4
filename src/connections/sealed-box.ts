import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Not decrypted: changed, moved to another place, or sealed under another key. Says nothing of the content. */
export class SealRefused extends Error {
  override readonly name = 'SealRefused';
}

const FORMAT_AES_256_GCM = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce: format byte, nonce, ciphertext, tag.
 * @param context what the result is bound to: it opens under the same context only
 */
export function seal(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([
    Buffer.of(FORMAT_AES_256_GCM),
    nonce,
    cipher.update(plain),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** @throws SealRefused */
export function open(key: Buffer, sealed: Buffer, context: string): Buffer {
  if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES) throw new SealRefused('The sealed value is cut short');
  if (sealed[0] !== FORMAT_AES_256_GCM) {
    throw new SealRefused(`The sealed value is of an unknown format, ${sealed[0]}`);
  }
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new SealRefused('The sealed value does not belong here, or was changed');
  }
}
