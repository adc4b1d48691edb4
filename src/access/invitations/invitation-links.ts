import type { AccountSettings } from '../../config/account-settings';

/** Where a portal of Open Wearables has its page for it. */
const PORTAL_PATH = '/accept-invite';
/** This server's own page, where there is no portal. */
const OWN_PATH = '/api/v1/invitations/accept';

/** Where invitations lead to. */
export class InvitationLinks {
  constructor(private readonly settings: Pick<AccountSettings, 'PORTAL_URL' | 'PUBLIC_URL'>) {}

  /** @param origin under which the inviter has reached this server; taken where no setting says another */
  linkTo(token: string, origin: string): string {
    const { PORTAL_URL, PUBLIC_URL } = this.settings;
    const page = PORTAL_URL
      ? `${bare(PORTAL_URL)}${PORTAL_PATH}`
      : `${bare(PUBLIC_URL ?? origin)}${OWN_PATH}`;
    return `${page}?token=${token}`;
  }
}

const bare = (url: string) => url.replace(/\/+$/, '');
