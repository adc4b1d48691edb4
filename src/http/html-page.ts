import { createHash } from 'node:crypto';

/** A page for people: a title, and paragraphs that are HTML already. */
export function htmlPage({ title, tone, body }: { title: string; tone: Tone; body: string }): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main class="${tone}">
      <h1>${escapeHtml(title)}</h1>
      ${body}
    </main>
  </body>
</html>
`;
}

export type Tone = 'good' | 'bad' | 'plain';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character]);

const STYLE = `
:root { color-scheme: light dark; --ink: #17202a; --soft: #5d6b7a; --paper: #fff; --ground: #eef2f6; --line: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --ink: #eaf0f5; --soft: #9fb0c0; --paper: #1a232c; --ground: #10161c; --line: #7ab8f5; } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 1.5rem; padding: 2rem; background: var(--paper); border-radius: 1rem; border-top: 6px solid; overflow-wrap: anywhere; }
.good { border-color: #0b7a5c; }
.bad { border-color: #c0392b; }
.plain { border-color: var(--line); }
h1 { margin: 0; font-size: 1.4rem; }
label { display: block; margin: .75rem 0; }
input { display: block; width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; }
button { font: inherit; padding: .6rem 1.4rem; border: 0; border-radius: .5rem; background: var(--line); color: var(--paper); cursor: pointer; }
.hint { margin-bottom: 0; color: var(--soft); }
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** @param formAction where its form may lead, redirects included */
export const contentSecurityPolicy = (formAction = `'none'`): string =>
  `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action ${formAction}`;
