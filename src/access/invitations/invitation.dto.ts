import { IsEmail, IsNotEmpty, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../developers/password';
import type { Invitation, StoredStatus } from './invitation.entity';

export class CreateInvitation {
  /** Who is to become a developer @example grace@example.com */
  @IsEmail({}, { message: 'email must be an e-mail address such as grace@example.com' })
  email: string;
}

export class AcceptInvitation {
  /** Of the invitation's link */
  @IsString({ message: 'token must be the text of that name in the link' })
  @IsNotEmpty({ message: 'token must be the text of that name in the link' })
  token: string;

  /** @example Grace */
  @IsOptional()
  @IsString({ message: 'first_name must be a text' })
  @MaxLength(100, { message: 'first_name must be at most 100 characters long' })
  first_name?: string | null;

  /** @example Hopper */
  @IsOptional()
  @IsString({ message: 'last_name must be a text' })
  @MaxLength(100, { message: 'last_name must be at most 100 characters long' })
  last_name?: string | null;

  /** To sign in with from now on @example correct-horse-battery */
  @IsString({ message: 'password must be a text' })
  @MinLength(MIN_PASSWORD_LENGTH, {
    message: `password must be at least ${MIN_PASSWORD_LENGTH} characters long`,
  })
  @MaxLength(MAX_PASSWORD_LENGTH, {
    message: `password must be at most ${MAX_PASSWORD_LENGTH} characters long`,
  })
  password: string;
}

export class AcceptQuery {
  /** Of the invitation's link @example bm90LWEtdG9rZW4 */
  @IsString({ message: 'token must be given once, as in the link' })
  token: string;
}

export class InvitationRead {
  /** @example 9d1f7c52-3b8e-4f60-a7c4-52e1d0b9f873 */
  id: string;

  /** @example grace@example.com */
  email: string;

  /** What accepts it, as in the link. A new one comes of resending */
  token: string;

  /** `pending` until a mail is on its way, and for good where none is sent; `failed` when the mail could not be sent */
  status: StoredStatus;

  /** ISO 8601, UTC @example 2026-08-14T09:00:00.000Z */
  expires_at: string;

  /** ISO 8601, UTC @example 2026-08-07T09:00:00.000Z */
  created_at: string;

  /** Null when the inviter is gone @example 2f6b1c9e-0d4a-4c8e-9a53-7b1f0e6d2c48 */
  invited_by_id: string | null;

  /** The link to hand on to the person, where no mail does */
  accept_url: string;
}

export const toInvitationRead = (
  invitation: Invitation,
  { status, token, link }: { status: StoredStatus; token: string; link: string },
): InvitationRead => ({
  id: invitation.id,
  email: invitation.email,
  token,
  status,
  expires_at: invitation.expiresAt.toISOString(),
  created_at: invitation.createdAt.toISOString(),
  invited_by_id: invitation.invitedById,
  accept_url: link,
});
