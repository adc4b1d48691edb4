import { escapeHtml, htmlPage } from '../http/html-page';

/** Who asks whom for what, before the browser goes to the provider. */
export interface StartPage {
  /** Where the app lives, such as `app.example.com`. */
  app: string;
  provider: string;
  user: string;
  /** Where the button leads. */
  action: string;
}

export function startPage({ app, provider, user, action }: StartPage): string {
  const [appText, providerText, userText] = [app, provider, user].map(escapeHtml);
  const body = `<p><strong>${appText}</strong> asks to read your ${providerText} data as that of <strong>${userText}</strong>.</p>
      <p>Go on only if you have just come from ${appText} and this is you. You will sign in at ${providerText}.</p>
      <form method="post" action="${escapeHtml(action)}"><button type="submit">Continue to ${providerText}</button></form>
      <p class="hint">Otherwise close this page: nothing has been connected.</p>`;
  return htmlPage({ title: `Connect ${provider}`, tone: 'plain', body });
}
