import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../developers/password';

/** For whoever was invited to a server that has no portal. */
export function acceptPage(reply: FastifyReply, token: string): string {
  return page(
    reply,
    'Become a developer',
    `<form method="post" action="accept">
        <input type="hidden" name="token" value="${escapeHtml(token)}">
        <label>First name <input name="first_name" maxlength="100" autocomplete="given-name"></label>
        <label>Last name <input name="last_name" maxlength="100" autocomplete="family-name"></label>
        <label>Password <input name="password" type="password" required minlength="${MIN_PASSWORD_LENGTH}" maxlength="${MAX_PASSWORD_LENGTH}" autocomplete="new-password"></label>
        <button>Accept the invitation</button>
      </form>`,
  );
}

export const acceptedPage = (reply: FastifyReply, email: string): string =>
  page(
    reply,
    'You are in',
    `<p>Sign in as ${escapeHtml(email)}, in your portal or under <a href="/docs">/docs</a>.</p>`,
  );

export const refusedPage = (reply: FastifyReply, message: string): string =>
  page(reply, 'Not accepted', `<p>${escapeHtml(message)}</p>`);

function page(reply: FastifyReply, title: string, content: string): string {
  void reply.type('text/html; charset=utf-8').header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>
  </body>
</html>
`;
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `
:root { color-scheme: light dark; --ink: #17202a; --paper: #fff; --ground: #eef2f6; }
@media (prefers-color-scheme: dark) { :root { --ink: #eaf0f5; --paper: #1a232c; --ground: #10161c; } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 1.5rem; padding: 2rem; background: var(--paper); border-radius: 1rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.4rem; }
label { display: block; margin-bottom: 0.75rem; }
input, button { display: block; width: 100%; box-sizing: border-box; padding: 0.5rem; font: inherit; }
`;

const CONTENT_SECURITY_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;
