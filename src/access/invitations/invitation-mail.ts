import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { createTransport, type Transporter } from 'nodemailer';
import { DataSource, In, LessThanOrEqual } from 'typeorm';
import { accountSettings, serverSettings } from '../../config/env';
import { Clock } from '../../database/clock';
import { JobQueue, type JobIds } from '../../database/job-queue';
import { Invitation, OPEN } from './invitation.entity';
import { InvitationLinks } from './invitation-links';
import { InvitationTokens } from './invitation-token';

const QUEUE = 'invitation-mail';
const SWEEP_MS = 10_000;
const SWEPT_AT_ONCE = 100;
const ATTEMPTS = 5;
const BACK_OFF_BASE_MS = 60_000;
const PATIENCE_MS = 20_000;

/**
 * Mails the invitations, in the background. What is to be mailed stands in the table; the queue gets ids only, and may
 * lose them.
 */
@Injectable()
export class InvitationMail implements OnModuleInit {
  private readonly logger = new Logger(InvitationMail.name);
  private readonly settings = accountSettings();
  private readonly links = new InvitationLinks(this.settings);
  private readonly tokens = new InvitationTokens(serverSettings().API_KEY_PEPPER);
  private readonly transport = transportTo(this.settings.SMTP_URL);

  constructor(
    private readonly database: DataSource,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** Whether a mail server is configured. */
  get isOn(): boolean {
    return this.transport !== null;
  }

  onModuleInit(): void {
    const { transport } = this;
    if (transport !== null) this.queue.register(QUEUE, (ids) => this.send(transport, ids));
  }

  /** Where this process does no background work, the next look of one that does comes to the same. */
  async sendSoon({ id, mailDueAt }: Invitation): Promise<void> {
    if (mailDueAt !== null) await this.queue.send(QUEUE, id, { id });
  }

  /** Never throws. What the queue has lost is sent again. */
  @Interval(QUEUE, SWEEP_MS)
  async sweep(): Promise<void> {
    if (!this.isOn || !this.queue.isReady) return;
    try {
      const due = await this.database.manager.find(Invitation, {
        select: { id: true },
        where: { mailDueAt: LessThanOrEqual(this.clock.now()) },
        order: { mailDueAt: 'ASC' },
        take: SWEPT_AT_ONCE,
      });
      for (const { id } of due) await this.queue.send(QUEUE, id, { id });
    } catch (error) {
      this.logger.warn({ msg: 'looking for invitations to mail failed', err: error });
    }
  }

  private async send(transport: Transporter, { id }: JobIds): Promise<void> {
    const invitation = await this.database.manager.findOneBy(Invitation, { id });
    if (invitation?.mailDueAt == null || invitation.mailDueAt > this.clock.now()) return;
    try {
      await this.mail(transport, invitation);
      await this.note(invitation, { status: 'sent', mailDueAt: null });
    } catch (error) {
      await this.tryLater(invitation, error);
    }
  }

  private async mail(transport: Transporter, invitation: Invitation): Promise<void> {
    const link = this.links.linkTo(this.tokens.tokenOf(invitation), '');
    await transport.sendMail({
      from: this.settings.MAIL_FROM,
      to: { name: '', address: invitation.email },
      subject: 'You are invited to Vitalbase',
      text: `Somebody who runs a Vitalbase server has invited you to it.

Open this link to choose a password; it works once, until ${invitation.expiresAt.toUTCString()}:

${link}

If you do not expect this, there is nothing to do.
`,
    });
  }

  private async tryLater(invitation: Invitation, error: unknown): Promise<void> {
    const attempts = invitation.mailAttempts + 1;
    if (isRefused(error) || attempts >= ATTEMPTS) {
      this.logger.warn({ msg: 'an invitation could not be mailed', invitation: invitation.id, err: error });
      await this.note(invitation, { status: 'failed', mailAttempts: attempts, mailDueAt: null });
      return;
    }
    const next = new Date(this.clock.now().getTime() + BACK_OFF_BASE_MS * 2 ** (attempts - 1));
    await this.note(invitation, { mailAttempts: attempts, mailDueAt: next });
  }

  /** Unless it has been resent, accepted or revoked meanwhile. */
  private async note({ id, issuedAt }: Invitation, changes: Partial<Invitation>): Promise<void> {
    await this.database.manager.update(Invitation, { id, issuedAt, status: In(OPEN) }, changes);
  }
}

const transportTo = (url: string | undefined): Transporter | null =>
  url === undefined
    ? null
    : createTransport({
        url,
        connectionTimeout: PATIENCE_MS,
        greetingTimeout: PATIENCE_MS,
        socketTimeout: PATIENCE_MS,
      });

/** For good (RFC 5321, section 4.2.1): the server will not take it the next time either. */
const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'responseCode' in error && Number(error.responseCode) >= 500;
