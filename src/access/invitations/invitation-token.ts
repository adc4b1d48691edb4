import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Invitation } from './invitation.entity';

const PURPOSE = 'vitalbase invitation token';
const ID_BYTES = 16;
const MAC_BYTES = 32;

type Issued = Pick<Invitation, 'id' | 'issuedAt'>;

/**
 * Tokens that the database need not hold: the invitation's id, and an HMAC-SHA256 over it and the time of issue under a key
 * made from API_KEY_PEPPER. So whoever reads the tables cannot accept an invitation, and a new time of issue ends the
 * token before.
 */
export class InvitationTokens {
  private readonly key: Buffer;

  /** @param pepper base64 of 32 bytes */
  constructor(pepper: string) {
    const secret = Buffer.from(pepper, 'base64');
    this.key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), PURPOSE, 32));
  }

  tokenOf(invitation: Issued): string {
    const id = Buffer.from(invitation.id.replaceAll('-', ''), 'hex');
    return Buffer.concat([id, this.mac(invitation)]).toString('base64url');
  }

  /** @returns the invitation that a token claims to be of, which is not proven; null for another text */
  idIn(token: string): string | null {
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length !== ID_BYTES + MAC_BYTES) return null;
    return bytes.toString('hex', 0, ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  isOf(token: string, invitation: Issued): boolean {
    const mac = Buffer.from(token, 'base64url').subarray(ID_BYTES);
    return mac.length === MAC_BYTES && timingSafeEqual(mac, this.mac(invitation));
  }

  private mac({ id, issuedAt }: Issued): Buffer {
    return createHmac('sha256', this.key).update(`${id} ${issuedAt.toISOString()}`).digest();
  }
}
