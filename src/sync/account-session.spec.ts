import { TestTokens } from '../../test/support/sync-world';
import { Connection } from '../connections/connection.entity';
import type { AccountAccess } from '../providers/provider';
import { ProviderForbidden, ProviderUnauthorized } from '../providers/provider-errors';
import { AccountSession } from './account-session';

describe('the access token of a run', () => {
  let tokens: TestTokens;
  let session: AccountSession;
  let sent: string[];
  beforeEach(() => {
    tokens = new TestTokens();
    session = new AccountSession(tokens, new Connection());
    sent = [];
  });

  const accepting = (good: string) => async (account: AccountAccess) => {
    sent.push(account.accessToken);
    if (account.accessToken !== good) throw new ProviderUnauthorized('401');
    return 'data';
  };

  it('is renewed once, however many calls are refused at once, and each is sent once more', async () => {
    const calls = Array.from({ length: 5 }, () => session.call(accepting('token-2')));
    expect(await Promise.all(calls)).toEqual(Array(5).fill('data'));
    expect(tokens.refreshes).toBe(1);
    expect(sent).toHaveLength(10);
    await session.call(accepting('token-2'));
    expect(sent.slice(10)).toEqual(['token-2']);
    expect(tokens.refusals).toBe(0);
  });

  it('is not sent again once the renewed one was refused', async () => {
    await expect(session.call(accepting('none'))).rejects.toThrow(ProviderUnauthorized);
    expect(sent).toEqual(['token-1', 'token-2']);
    expect(tokens.refusals).toBe(1);
    await expect(session.call(accepting('none'))).rejects.toThrow(ProviderUnauthorized);
    expect(sent).toEqual(['token-1', 'token-2', 'token-2']);
    expect(tokens.refreshes).toBe(1);
  });

  it('is not renewed for any other refusal', async () => {
    await expect(session.call(() => Promise.reject(new ProviderForbidden('403')))).rejects.toThrow(
      ProviderForbidden,
    );
    expect(tokens.refreshes).toBe(0);
  });
});
