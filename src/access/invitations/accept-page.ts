import type { FastifyReply } from 'fastify';
import { contentSecurityPolicy, escapeHtml, htmlPage, type Tone } from '../../http/html-page';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../developers/password';

/** For whoever was invited to a server that has no portal. */
export function acceptPage(reply: FastifyReply, token: string): string {
  return page(
    reply,
    'Become a developer',
    'plain',
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
    'good',
    `<p>Sign in as ${escapeHtml(email)}, in your portal or under <a href="/docs">/docs</a>.</p>`,
  );

export const refusedPage = (reply: FastifyReply, message: string): string =>
  page(reply, 'Not accepted', 'bad', `<p>${escapeHtml(message)}</p>`);

function page(reply: FastifyReply, title: string, tone: Tone, body: string): string {
  void reply
    .type('text/html; charset=utf-8')
    .header('Content-Security-Policy', contentSecurityPolicy(`'self'`));
  return htmlPage({ title, tone, body });
}
