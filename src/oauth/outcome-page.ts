import type { FastifyReply } from 'fastify';
import { contentSecurityPolicy, escapeHtml, htmlPage } from '../http/html-page';
import type { ErrorRead, SuccessRead } from './oauth.dto';

/** The page at the end of a flow: HTML for a browser, the contract's JSON for everybody else. */
export function sendOutcome<T extends SuccessRead | ErrorRead>(
  reply: FastifyReply,
  accept: string | undefined,
  outcome: T,
): T | string {
  void reply.header('Vary', 'Accept');
  if (!takesHtml(accept)) return outcome;
  void reply.type('text/html; charset=utf-8').header('Content-Security-Policy', contentSecurityPolicy());
  return outcomePage(outcome);
}

export const takesHtml = (accept: string | undefined): boolean => accept?.includes('text/html') ?? false;

export function outcomePage({ success, message }: SuccessRead | ErrorRead): string {
  const [title, hint] = success
    ? ['Connected', 'Your data is on its way. You can close this page.']
    : ['Not connected', 'Nothing was changed. Close this page and try again from your app.'];
  const body = `<p>${escapeHtml(message)}</p>\n      <p class="hint">${hint}</p>`;
  return htmlPage({ title, tone: success ? 'good' : 'bad', body });
}
