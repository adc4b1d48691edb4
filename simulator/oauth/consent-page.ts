import { Persona } from '../life/persona';
import { Scope, SCOPES } from './scope';

export interface AuthorizeRequest {
  clientId: string;
  redirectUri: string;
  state: string;
  scopes: Scope[];
}

export function consentPage(request: AuthorizeRequest, personas: readonly Persona[], warning = ''): string {
  const hidden = {
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    response_type: 'code',
    state: request.state,
    requested_scope: request.scopes.join(' '),
  };
  const form = `
    <h1>Share data with <em>${escapeHtml(request.clientId)}</em></h1>
    <p class="lead">This is a simulated vendor account. Pick whose data to share; no password is asked for.</p>
    ${warning === '' ? '' : `<p class="warning" role="alert">${escapeHtml(warning)}</p>`}
    <form method="post">
      ${Object.entries(hidden).map(hiddenField).join('\n      ')}
      <fieldset><legend>Account</legend>${personas.map(personaChoice).join('')}${copyChoice}</fieldset>
      <fieldset><legend>What to share</legend>${request.scopes.map(scopeToggle).join('')}</fieldset>
      <div class="buttons">
        <button name="decision" value="deny">Deny</button>
        <button name="decision" value="allow" class="primary">Allow</button>
      </div>
    </form>
    <p class="target">You will return to ${escapeHtml(request.redirectUri)}</p>`;
  return page('Share your data', form, personas.map(withheldStyle).join(''));
}

export function problemPage(title: string, detail: string): string {
  return page(title, `<h1>${escapeHtml(title)}</h1><p class="lead">${escapeHtml(detail)}</p>`);
}

function hiddenField([name, value]: [string, string]): string {
  return `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
}

function personaChoice(persona: Persona, index: number): string {
  const name = `${persona.firstName} ${persona.lastName}`;
  return `
        <label class="choice">
          <input type="radio" name="persona" value="${persona.id}"${index === 0 ? ' checked' : ''}>
          <span><b>${escapeHtml(name)}</b><br><small>${persona.timeZone} · ${persona.id}</small><br>
          <small>${escapeHtml(persona.summary)}</small></span>
        </label>`;
}

/** Further accounts of the same person. */
const copyChoice = `
        <label class="choice">
          <input type="number" name="copy" value="0" min="0" max="99999">
          <span><b>Copy</b><br><small>Each number is an account of its own with the data of that person</small></span>
        </label>`;

/** What this person never shares looks unchecked while the person is chosen; the server leaves it out. */
function withheldStyle({ id, deniedScopes }: Persona): string {
  const chosen = `form:has([value="${id}"]:checked)`;
  return deniedScopes
    .map(
      (scope) => `
  ${chosen} .choice:has([value="${scope}"]) { opacity: .55; pointer-events: none; background: none; border-color: var(--line); }
  ${chosen} [value="${scope}"] { appearance: none; width: .8rem; height: .8rem; border: 1px solid var(--soft); border-radius: .15rem; }`,
    )
    .join('');
}

function scopeToggle(scope: Scope): string {
  return `
        <label class="choice">
          <input type="checkbox" name="scope" value="${scope}" checked>
          <span><b>${SCOPES[scope].title}</b><br><small>${SCOPES[scope].detail}</small></span>
        </label>`;
}

function page(title: string, content: string, extraStyle = ''): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)} · simulated vendor</title>
    <style>${style}${extraStyle}</style>
  </head>
  <body><main>${content}</main></body>
</html>
`;
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

const style = `
  :root { color-scheme: light dark; --ink: #17202a; --soft: #5d6b7a; --line: #d8dfe6; --paper: #fff; --ground: #eef2f6; --accent: #0b7a5c; }
  @media (prefers-color-scheme: dark) { :root { --ink: #eaf0f5; --soft: #9fb0c0; --line: #33414f; --paper: #1a232c; --ground: #10161c; --accent: #35c79b; } }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
  main { width: 100%; max-width: 62rem; padding: 2rem; background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; }
  h1 { margin: 0; font-size: 1.35rem; } h1 em { font-style: normal; color: var(--accent); }
  .lead, .target, small { color: var(--soft); } .target { margin: 1rem 0 0; font-size: .8rem; overflow-wrap: anywhere; }
  .warning { padding: .6rem .8rem; border-left: 4px solid #d9822b; background: #d9822b22; }
  fieldset { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: .6rem; margin: 1.25rem 0 0; padding: 0; border: 0; }
  legend { padding: 0 0 .4rem; font-weight: 600; }
  .choice { display: flex; align-items: start; gap: .75rem; padding: .7rem .85rem; border: 1px solid var(--line); border-radius: .6rem; cursor: pointer; }
  .choice:has(:checked) { background: color-mix(in srgb, var(--accent) 9%, transparent); border-color: var(--accent); }
  input { flex: none; margin-top: .35rem; accent-color: var(--accent); }
  .buttons { display: flex; gap: .75rem; max-width: 28rem; margin-top: 1.5rem; }
  button { flex: 1; padding: .7rem; font: inherit; font-weight: 600; color: inherit; background: none; border: 1px solid var(--line); border-radius: .6rem; cursor: pointer; }
  .primary { background: var(--accent); border-color: var(--accent); color: var(--paper); }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }`;
