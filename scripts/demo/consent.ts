import type { Api } from './api';

/**
 * Does what a person and a browser do: opens the consent page, leaves the choices as they are, presses "Allow" and
 * follows the redirect back.
 * @throws Error when any step answers otherwise than a sign-in should
 */
export async function walkOAuth(api: Api, provider: string, userId: string): Promise<void> {
  const { authorization_url: authorizationUrl } = await api.get<{ authorization_url: string }>(
    `/oauth/${provider}/authorize`,
    { user_id: userId },
  );
  const page = await fetch(authorizationUrl);
  const html = await page.text();
  if (!page.ok) throw new Error(`The consent page answered ${page.status}: ${plainText(html)}`);

  const consent = await fetch(authorizationUrl, {
    method: 'POST',
    body: consentForm(html),
    redirect: 'manual',
  });
  const callback = consent.headers.get('location');
  if (!callback?.startsWith(api.url)) throw new Error(`The consent led to ${callback ?? 'no callback'}`);

  const answer = await fetch(callback, { redirect: 'manual' });
  const target = new URL(answer.headers.get('location') ?? '/error', api.url);
  if (target.pathname.endsWith('/error') || target.searchParams.has('error')) {
    throw new Error(`The sign-in failed: ${target.search || (await answer.text())}`);
  }
}

/** The fields of the page's form as they stand, with the button "Allow". */
export function consentForm(html: string): URLSearchParams {
  const form = new URLSearchParams();
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    const type = attribute(tag, 'type') ?? 'text';
    const isOff = ['radio', 'checkbox'].includes(type) && !/\schecked\b/.test(tag);
    const name = attribute(tag, 'name');
    if (name !== null && !isOff) form.append(name, attribute(tag, 'value') ?? 'on');
  }
  form.append('decision', 'allow');
  return form;
}

const attribute = (tag: string, name: string) => {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? null : unescapeHtml(value);
};

const ENTITIES: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

const unescapeHtml = (text: string) => text.replace(/&(lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity]);

const plainText = (html: string) =>
  unescapeHtml(html.replace(/<style>.*?<\/style>|<[^>]*>/gs, ' ').replace(/\s+/g, ' '));
