import type { Response } from 'express';
import type { ReactElement, ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { t, type Language } from '../../../platform/i18n/i18n';

/** Somebody who is logged in to the portal. */
export interface PortalPerson {
  externalId: string;
  name: string;
}

const STYLE =
  'body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:2rem 1.25rem;color:#1d2433;background:#f4f6fb}' +
  'button{font:inherit;min-height:44px;padding:.4rem 1rem}fieldset{margin:1rem 0;border:1px solid #8a94a8;border-radius:8px}' +
  'input{width:1.3rem;height:1.3rem}li{margin:1rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#fff;padding:1rem}a{color:#1f4fa3}';

// Not a page of ours but one of the portal's: it shows what such a page must allow.
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export function sendPortalPage(response: Response, page: ReactElement): void {
  response
    .set({
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-store',
      // Without a referrer browsers send `Origin: null`, and Mina sidor could not see whose form it was.
      'Referrer-Policy': 'strict-origin-when-cross-origin',
    })
    .send(`<!doctype html>${renderToStaticMarkup(page)}`);
}

interface PortalPageProps {
  language: Language;
  title: string;
  children: ReactNode;
}

function PortalPage({ language, title, children }: PortalPageProps): ReactElement {
  return (
    <html lang={language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  );
}

/** Each button posts a token that the portal signed for that person. */
export function PeoplePage(props: {
  language: Language;
  people: (PortalPerson & { token: string })[];
}): ReactElement {
  const { language, people } = props;
  const text = (key: string, values = {}) => t(language, `portal:${key}`, values);
  return (
    <PortalPage language={language} title={text('title')}>
      <p>{text('what')}</p>
      <ul>
        {people.map(({ externalId, name, token }) => (
          <li key={externalId}>
            <strong>{name}</strong>
            <form method="post" action={`/mina-sidor/login?lang=${language}`}>
              <input type="hidden" name="token" value={token} />
              <button type="submit" aria-label={text('goAs', { name })}>
                {text('go')}
              </button>{' '}
              <a href={`/dev/portal/settings?lang=${language}&as=${externalId}`}>
                {text('settingsAs', { name })}
              </a>
            </form>
          </li>
        ))}
      </ul>
      <p>
        <a href="/dev/mailbox">{text('mailbox')}</a>
      </p>
    </PortalPage>
  );
}

/** The portal's own settings, with our script in them. */
export function SettingsPage(props: {
  language: Language;
  person: PortalPerson;
  script: string;
  tokenUrl: string;
}): ReactElement {
  const { language, person, script, tokenUrl } = props;
  const text = (key: string, values = {}) => t(language, `portal:${key}`, values);
  return (
    <PortalPage language={language} title={text('settings.title', { name: person.name })}>
      <p>{text('settings.what')}</p>
      <div id="utskick" />
      <script src={script} data-into="utskick" data-token-url={tokenUrl} defer />
      <h2>{text('settings.code')}</h2>
      <pre>
        {`<div id="utskick"></div>\n<script src="${script}" data-into="utskick" data-token-url="${tokenUrl}" defer></script>`}
      </pre>
      <p>
        <a href={`/dev/portal?lang=${language}`}>{text('settings.back')}</a>
      </p>
    </PortalPage>
  );
}
