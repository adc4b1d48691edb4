import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { ErrorRead, SuccessRead } from './oauth.dto';

/** The page at the end of a flow: HTML for a browser, the contract's JSON for everybody else. */
export function sendOutcome<T extends SuccessRead | ErrorRead>(
  reply: FastifyReply,
  accept: string | undefined,
  outcome: T,
): T | string {
  void reply.header('Vary', 'Accept');
  if (!accept?.includes('text/html')) return outcome;
  void reply.type('text/html; charset=utf-8').header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  return page(outcome);
}

function page({ success, message }: SuccessRead | ErrorRead): string {
  const [title, hint] = success
    ? ['Connected', 'Your data is on its way. You can close this page.']
    : ['Not connected', 'Nothing was changed. Close this page and try again from your app.'];
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main class="${success ? 'good' : 'bad'}">
      <h1>${title}</h1>
      <p>${escapeHtml(message)}</p>
      <p class="hint">${hint}</p>
    </main>
  </body>
</html>
`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]);

const STYLE = `
:root { color-scheme: light dark; --ink: #17202a; --soft: #5d6b7a; --paper: #fff; --ground: #eef2f6; }
@media (prefers-color-scheme: dark) { :root { --ink: #eaf0f5; --soft: #9fb0c0; --paper: #1a232c; --ground: #10161c; } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 1.5rem; padding: 2rem; background: var(--paper); border-radius: 1rem; border-top: 6px solid; overflow-wrap: anywhere; }
.good { border-color: #0b7a5c; }
.bad { border-color: #c0392b; }
h1 { margin: 0; font-size: 1.4rem; }
.hint { margin-bottom: 0; color: var(--soft); }
`;

const CONTENT_SECURITY_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
