import { createHash, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { openDatabase } from '../../test/support/open-database';
import { TestClock } from '../../test/support/test-clock';
import { TokenVault } from '../connections/token-vault';
import { OAuthState } from './oauth-state.entity';
import { OAuthStateStore } from './oauth-state.store';

const START = new Date('2026-03-01T00:00:00Z');
const authorization = {
  provider: 'scripted',
  userId: randomUUID(),
  redirectUri: 'https://app.example.com/?a=1',
  browserHash: null,
};

describe(OAuthStateStore.name, () => {
  let database: DataSource;
  let states: OAuthStateStore;
  const clock = new TestClock(START);
  beforeAll(async () => {
    database = await openDatabase([OAuthState]);
    const vault = new TokenVault([`test:${Buffer.alloc(32, 11).toString('base64')}`]);
    states = new OAuthStateStore(database.getRepository(OAuthState), vault, clock);
  });
  afterAll(() => database?.destroy());
  beforeEach(() => clock.set(START));

  it('gives 32 random bytes, and back what they stand for', async () => {
    const [one, two] = [await states.open(authorization, null), await states.open(authorization, null)];
    expect(one).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(one).not.toBe(two);
    await expect(states.consume(one)).resolves.toEqual({ ...authorization, pkceVerifier: null });
  });

  it('works once, also when two callbacks come at the same time', async () => {
    const state = await states.open(authorization, null);
    const uses = await Promise.all(Array.from({ length: 6 }, () => states.consume(state)));
    expect(uses.filter(Boolean)).toHaveLength(1);
    await expect(states.consume(state)).resolves.toBeNull();
  });

  it.each(['', 'x', 'A'.repeat(43), 'A'.repeat(10_000), '\0', "' OR true --", 'ä'])(
    'does not know %p',
    async (state) => {
      await expect(states.consume(state)).resolves.toBeNull();
    },
  );

  it('ends after 15 minutes', async () => {
    const [early, late] = [await states.open(authorization, null), await states.open(authorization, null)];
    clock.advance(15 * 60 - 1);
    await expect(states.consume(early)).resolves.not.toBeNull();
    clock.advance(1);
    await expect(states.consume(late)).resolves.toBeNull();
  });

  it('stores the hash only, and the PKCE verifier encrypted', async () => {
    const state = await states.open(authorization, 'the-pkce-verifier');
    const stateHash = createHash('sha256').update(state).digest();
    const row = await database.manager.findOneByOrFail(OAuthState, { stateHash });
    expect(JSON.stringify(row)).not.toContain(state);
    expect(row.pkceVerifier!.includes('the-pkce-verifier')).toBe(false);
    await expect(states.consume(state)).resolves.toMatchObject({ pkceVerifier: 'the-pkce-verifier' });
  });

  it('clears away those whose time is over', async () => {
    await states.open(authorization, null);
    clock.advance(15 * 60);
    await states.open(authorization, null);
    expect(await database.manager.count(OAuthState)).toBe(1);
  });
});
