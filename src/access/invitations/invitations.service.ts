import { randomUUID } from 'node:crypto';
import { BadRequestException, ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThanOrEqual, MoreThan, QueryFailedError, type Repository } from 'typeorm';
import { accountSettings, serverSettings } from '../../config/env';
import { Clock } from '../../database/clock';
import type { Developer } from '../developers/developer.entity';
import { DevelopersService, normalizeEmail } from '../developers/developers.service';
import { toInvitationRead, type AcceptInvitation, type InvitationRead } from './invitation.dto';
import { Invitation, OPEN, type StoredStatus } from './invitation.entity';
import { InvitationLinks } from './invitation-links';
import { InvitationMail } from './invitation-mail';
import { InvitationTokens } from './invitation-token';

const LIFE_MS = 7 * 24 * 3_600_000;

@Injectable()
export class InvitationsService {
  private readonly tokens = new InvitationTokens(serverSettings().API_KEY_PEPPER);
  private readonly links = new InvitationLinks(accountSettings());

  constructor(
    @InjectRepository(Invitation) private readonly invitations: Repository<Invitation>,
    private readonly developers: DevelopersService,
    private readonly mail: InvitationMail,
    private readonly clock: Clock,
  ) {}

  /** @throws BadRequestException for somebody who is a developer, or invited already */
  async create(email: string, invitedById: string, origin: string): Promise<InvitationRead> {
    const address = normalizeEmail(email);
    if (await this.developers.findByEmail(address)) {
      throw new BadRequestException(
        `Developer entity already exists. Details: '${address}' can sign in already.`,
      );
    }
    const now = this.clock.now();
    const invitation: Invitation = {
      id: randomUUID(),
      email: address,
      invitedById,
      createdAt: now,
      ...this.issue(now),
    };
    await this.invitations.manager.transaction(async (manager) => {
      const over = { email: address, status: In(OPEN), expiresAt: LessThanOrEqual(now) };
      await manager.update(Invitation, over, { status: 'expired', mailDueAt: null });
      await manager.insert(Invitation, invitation).catch((error: unknown) => refuseDuplicate(error, address));
    });
    await this.mail.sendSoon(invitation);
    return this.read(invitation, origin);
  }

  /** The newest first. */
  async list(origin: string): Promise<InvitationRead[]> {
    const all = await this.invitations.find({ order: { createdAt: 'DESC', id: 'ASC' } });
    return all.map((invitation) => this.read(invitation, origin));
  }

  /** @throws NotFoundException, ConflictException when it was accepted */
  async revoke(id: string, origin: string): Promise<InvitationRead> {
    const changes = { status: 'revoked', mailDueAt: null } as const;
    await this.invitations.update({ id, status: In([...OPEN, 'expired']) }, changes);
    const invitation = await this.get(id);
    if (invitation.status === 'accepted') throw accepted();
    return this.read(invitation, origin);
  }

  /**
   * A new link with a new term, in place of the old one.
   * @throws NotFoundException, ConflictException when it was accepted or revoked, BadRequestException when there is another
   */
  async resend(id: string, origin: string): Promise<InvitationRead> {
    const { affected } = await this.invitations
      .update({ id, status: In([...OPEN, 'expired']) }, this.issue(this.clock.now()))
      .catch((error: unknown) => refuseDuplicate(error, id));
    const invitation = await this.get(id);
    if (affected === 0 && invitation.status === 'accepted') throw accepted();
    if (affected === 0) throw new ConflictException('The invitation was revoked. Make a new one.');
    await this.mail.sendSoon(invitation);
    return this.read(invitation, origin);
  }

  /** Once. @throws BadRequestException without saying what is wrong with the token */
  async accept({ token, password, first_name, last_name }: AcceptInvitation): Promise<Developer> {
    const now = this.clock.now();
    const id = this.tokens.idIn(token);
    const invitation = id === null ? null : await this.invitations.findOneBy({ id });
    if (invitation === null || !this.tokens.isOf(token, invitation)) throw invalid();
    return this.invitations.manager.transaction(async (manager) => {
      const { issuedAt } = invitation;
      const open = { id: invitation.id, issuedAt, status: In(OPEN), expiresAt: MoreThan(now) };
      const { affected } = await manager.update(Invitation, open, { status: 'accepted', mailDueAt: null });
      if (affected === 0) throw invalid();
      const names = { firstName: first_name, lastName: last_name };
      return this.developers.create({ email: invitation.email, password, ...names }, manager);
    });
  }

  private issue(
    now: Date,
  ): Pick<Invitation, 'status' | 'issuedAt' | 'expiresAt' | 'mailAttempts' | 'mailDueAt'> {
    return {
      status: 'pending',
      issuedAt: now,
      expiresAt: new Date(now.getTime() + LIFE_MS),
      mailAttempts: 0,
      mailDueAt: this.mail.isOn ? now : null,
    };
  }

  private async get(id: string): Promise<Invitation> {
    const invitation = await this.invitations.findOneBy({ id });
    if (invitation) return invitation;
    throw new NotFoundException(`Invitation with ID: ${id} not found.`);
  }

  private read(invitation: Invitation, origin: string): InvitationRead {
    const token = this.tokens.tokenOf(invitation);
    const status = statusOf(invitation, this.clock.now());
    return toInvitationRead(invitation, { token, status, link: this.links.linkTo(token, origin) });
  }
}

function statusOf({ status, expiresAt }: Invitation, now: Date): StoredStatus {
  const isOpen = OPEN.some((open) => open === status);
  return isOpen && expiresAt <= now ? 'expired' : status;
}

const accepted = () =>
  new ConflictException('The invitation was accepted. Delete the developer instead, or invite another one.');

const invalid = () =>
  new BadRequestException('Invalid or expired invitation. Ask whoever sent it for a new one.');

function refuseDuplicate(error: unknown, subject: string): never {
  const constraint: unknown = error instanceof QueryFailedError && error.driverError.constraint;
  if (constraint !== 'invitation_open_email_key') throw error;
  throw new BadRequestException(
    `Invitation entity already exists. Details: ${subject} has an open invitation; resend or revoke that one.`,
  );
}
