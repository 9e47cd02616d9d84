import type { ReactElement } from 'react';
import { DEMO_PORTAL, isDemoPortal } from '../../../platform/config/mina-sidor-settings';
import { controllerOf } from '../../../platform/http/controller-details';
import { Page } from '../../../platform/http/page';
import { t, type Language } from '../../../platform/i18n/i18n';
import { Framed, type Frame } from '../../registry/pages/frame';
import { VALID_MINUTES } from './login-links';
import { portalOf } from './portal';

const texts = (language: Language) => (key: string, values?: Record<string, unknown>) =>
  t(language, `log-in:${key}`, values);

interface LogInPageProps extends Frame {
  typed?: string;
  /** What is wrong with the address that was typed. */
  fault?: string;
  /** Whoever came by a link or from elsewhere was not let in: the key of why. */
  refused?: 'refused' | 'deadLink';
}

/** The ways in: the mailed link for everybody, then those that are set up. */
export function LogInPage(props: LogInPageProps): ReactElement {
  const { language, env, refused } = props;
  const text = texts(language);
  return (
    <Framed
      language={language}
      env={env}
      title={text(refused ? `${refused}.title` : 'page.title')}
      heading={text('page.title')}
    >
      {refused && (
        <div className="summary" role="alert">
          <p>
            <strong>{text(`${refused}.title`)}</strong>
          </p>
          <p>{text(`${refused}.what`)}</p>
        </div>
      )}
      <p>{text('page.what')}</p>
      <LinkForm {...props} />
      <OtherWays language={language} env={env} />
      <p className="soft">
        {text('page.stop')} <a href={`/avsluta?lang=${language}`}>{text('page.stopLink')}</a>
      </p>
    </Framed>
  );
}

function LinkForm({ language, typed, fault }: LogInPageProps): ReactElement {
  const text = texts(language);
  return (
    <form method="post" action={`/mina-sidor/link?lang=${language}`} noValidate>
      <label htmlFor="email">{text('link.label')}</label>
      {fault && (
        <p className="error" id="email-fault">
          {fault}
        </p>
      )}
      <input
        id="email"
        name="email"
        type="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        required
        defaultValue={typed}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault ? 'email-fault link-help' : 'link-help'}
      />
      <p className="soft" id="link-help">
        {text('link.help', { minutes: VALID_MINUTES })}
      </p>
      <p>
        <button type="submit">{text('link.button')}</button>
      </p>
    </form>
  );
}

function OtherWays({ language, env }: Frame): ReactElement | null {
  const text = texts(language);
  if (!env.OIDC_ISSUER && !portalOf(env)) return null;
  return (
    <>
      <h2>{text('other.title')}</h2>
      {env.OIDC_ISSUER && (
        <form method="post" action={`/mina-sidor/oidc?lang=${language}`}>
          <p>{text('other.account')}</p>
          <button type="submit" className="plain">
            {text('other.accountButton')}
          </button>
        </form>
      )}
      {portalOf(env) && (
        <p>
          {text('other.portal')}{' '}
          {isDemoPortal(env) && <a href={DEMO_PORTAL}>{text('other.demoPortal')}</a>}
        </p>
      )}
    </>
  );
}

/** The one answer to every address: it knows nothing of it (F-63). */
export function LinkSentPage({ language, env }: Frame): ReactElement {
  const text = texts(language);
  return (
    <Framed language={language} env={env} title={text('sent.title')}>
      <div className="done" role="status">
        <p>{text('sent.what', { minutes: VALID_MINUTES })}</p>
      </div>
      <p>{text('sent.nothing')}</p>
    </Framed>
  );
}

/** Behind the mailed link: a button, because scanners open links and press nothing. */
export function UseLinkPage({ language, env, token }: Frame & { token: string }): ReactElement {
  const text = texts(language);
  return (
    <Framed language={language} env={env} title={text('page.title')}>
      <p>{text('use.what')}</p>
      <form method="post" action={`/mina-sidor/link/${token}?lang=${language}`}>
        <button type="submit">{text('use.button')}</button>
      </form>
      <p className="soft">{text('use.notYou')}</p>
    </Framed>
  );
}

/** On the way to the OpenID provider, for a browser that does not go there by itself. */
export function GoOnPage({ language, env, url }: Frame & { url: string }): ReactElement {
  const text = texts(language);
  return (
    <Page language={language} title={text('goOn.title')} controller={controllerOf(env)}>
      <h1>{text('goOn.title')}</h1>
      <p>{text('goOn.what')}</p>
      <p>
        <a className="button" href={url}>
          {text('goOn.button')}
        </a>
      </p>
    </Page>
  );
}
