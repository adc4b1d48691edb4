import { PASSWORD, type ContractWorld } from './contract-world';
import type { Route } from './routes';
import { always, flag, instant, list, matching, nullable, object, oneOf, text, uuid } from './schema';

const form = (fields: Record<string, string>) => ({
  body: new URLSearchParams(fields).toString(),
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
});

const tokens = object(
  {
    access_token: text,
    token_type: always('bearer'),
    refresh_token: matching('^rt-[0-9a-f]{32}$'),
    expires_in: always(3_600),
  },
  { developer_id: uuid },
);
const message = object({ message: text });
const developer = object({
  id: uuid,
  first_name: nullable(text),
  last_name: nullable(text),
  email: text,
  created_at: instant,
  updated_at: instant,
});
const invitation = object(
  {
    id: uuid,
    email: text,
    token: text,
    status: oneOf('pending', 'sent', 'failed', 'accepted', 'expired', 'revoked'),
    expires_at: instant,
    created_at: instant,
    invited_by_id: nullable(uuid),
  },
  { accept_url: text },
);
const apiKey = object(
  { id: text, name: text, created_by: nullable(uuid), created_at: instant },
  { key: nullable(text), key_prefix: text, scopes: list(oneOf('read', 'write', 'connect', 'sync', 'ops')) },
);

let made = 0;
const address = () => `contract-${++made}@example.com`;

const newKey = (world: ContractWorld) =>
  world.post('/developer/api-keys', { name: 'Default' }, 'developer').then(({ id }) => id as string);

const newInvitation = (world: ContractWorld) =>
  world.post('/invitations', { email: address() }, 'developer') as Promise<{ id: string; token: string }>;

async function signedIn(world: ContractWorld) {
  const email = address();
  await world.newDeveloper(email);
  const { body } = await world.ask(
    'nobody',
    'POST',
    '/api/v1/auth/login',
    form({ username: email, password: PASSWORD }),
  );
  return {
    email,
    refreshToken: body.refresh_token as string,
    headers: { authorization: `Bearer ${body.access_token}` },
  };
}

/** Section 2 of the contract. */
export const accountRoutes: Route[] = [
  {
    operation: 'POST /api/v1/auth/login',
    as: 'nobody',
    ask: async (world) => {
      const email = address();
      await world.newDeveloper(email);
      return form({ username: email, password: PASSWORD });
    },
    status: 200,
    answer: tokens,
  },
  {
    operation: 'POST /api/v1/auth/logout',
    as: 'nobody',
    ask: async (world) => ({ headers: (await signedIn(world)).headers }),
    status: 200,
    answer: message,
  },
  {
    operation: 'POST /api/v1/auth/change-password',
    as: 'nobody',
    ask: async (world) => ({
      headers: (await signedIn(world)).headers,
      body: { current_password: PASSWORD, new_password: 'another one', confirm_password: 'another one' },
    }),
    status: 200,
    answer: message,
  },
  { operation: 'GET /api/v1/auth/me', as: 'developer', status: 200, answer: developer },
  {
    operation: 'PATCH /api/v1/auth/me',
    as: 'nobody',
    ask: async (world) => ({ headers: (await signedIn(world)).headers, body: { first_name: 'Ada' } }),
    status: 200,
    answer: developer,
  },
  {
    operation: 'POST /api/v1/token/refresh',
    as: 'nobody',
    ask: async (world) => ({ body: { refresh_token: (await signedIn(world)).refreshToken } }),
    status: 200,
    answer: tokens,
  },
  {
    operation: 'POST /api/v1/token/revoke',
    as: 'nobody',
    ask: async (world) => ({ body: { refresh_token: (await signedIn(world)).refreshToken } }),
    status: 204,
    answer: null,
  },
  { operation: 'GET /api/v1/developers', as: 'developer', status: 200, answer: list(developer) },
  ...['GET', 'PATCH', 'DELETE'].map((method) => ({
    operation: `${method} /api/v1/developers/{developer_id}`,
    as: 'developer' as const,
    ask: async (world: ContractWorld) => ({
      params: { developer_id: await world.newDeveloper(address()) },
      ...(method === 'PATCH' && { body: { last_name: 'Lovelace' } }),
    }),
    status: 200,
    answer: developer,
  })),
  {
    operation: 'POST /api/v1/invitations',
    as: 'developer',
    ask: () => ({ body: { email: address() } }),
    status: 201,
    answer: invitation,
  },
  { operation: 'GET /api/v1/invitations', as: 'developer', status: 200, answer: list(invitation) },
  ...['DELETE /api/v1/invitations/{invitation_id}', 'POST /api/v1/invitations/{invitation_id}/resend'].map(
    (operation) => ({
      operation,
      as: 'developer' as const,
      ask: async (world: ContractWorld) => ({ params: { invitation_id: (await newInvitation(world)).id } }),
      status: 200,
      answer: invitation,
    }),
  ),
  {
    operation: 'POST /api/v1/invitations/accept',
    as: 'nobody',
    ask: async (world) => ({
      body: {
        token: (await newInvitation(world)).token,
        first_name: 'Ada',
        last_name: 'Lovelace',
        password: PASSWORD,
      },
    }),
    status: 201,
    answer: developer,
  },
  { operation: 'GET /api/v1/developer/api-keys', as: 'developer', status: 200, answer: list(apiKey) },
  {
    operation: 'POST /api/v1/developer/api-keys',
    as: 'developer',
    ask: () => ({ body: { name: 'Default' } }),
    status: 201,
    answer: apiKey,
  },
  ...[
    ['PATCH /api/v1/developer/api-keys/{key_id}', 200],
    ['DELETE /api/v1/developer/api-keys/{key_id}', 200],
    ['POST /api/v1/developer/api-keys/{key_id}/rotate', 201],
  ].map(([operation, status]) => ({
    operation: operation as string,
    as: 'developer' as const,
    ask: async (world: ContractWorld) => ({
      params: { key_id: await newKey(world) },
      ...((operation as string).startsWith('PATCH') && { body: { name: 'Renamed' } }),
    }),
    status: status as number,
    answer: apiKey,
  })),
  {
    operation: 'GET /api/v1/config',
    as: 'developer',
    status: 200,
    answer: object({ outgoing_webhooks_enabled: flag }),
  },
];
