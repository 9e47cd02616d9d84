import type { ReactElement } from 'react';
import { Page, type Controller } from '../../../platform/http/page';
import { t, type Language } from '../../../platform/i18n/i18n';
import { unsubscribeUrlOf } from './mailbox-source';
import type { MailboxRow, MailboxSearch } from './mailbox.queries';

interface Frame {
  language: Language;
  controller: Controller;
}

interface ListProps extends Frame {
  mails: MailboxRow[];
  totals: { mails: number; doubled: number };
  search: MailboxSearch;
}

/** All mails, newest first, with a search. */
export function MailboxPage({
  language,
  controller,
  mails,
  totals,
  search,
}: ListProps): ReactElement {
  const text = (key: string, values?: Record<string, unknown>) =>
    t(language, `channels:mailbox.${key}`, values);
  const searched = Boolean(search.to || search.campaign || search.channel);
  return (
    <Page
      language={language}
      title={text('title')}
      controller={controller}
      languageLink={otherLanguage(language)}
      wide
    >
      <h1>{text('title')}</h1>
      <p>{text('intro')}</p>
      {totals.doubled > 0 && <p className="banner">{text('doubled', { count: totals.doubled })}</p>}
      <form method="get" action="/dev/mailbox" role="search" className="row">
        <label>
          {text('search')}
          <input type="search" name="to" defaultValue={search.to} />
        </label>
        {search.campaign && <input type="hidden" name="campaign" value={search.campaign} />}
        <button type="submit" className="plain">
          {text('find')}
        </button>
      </form>
      <p className="soft">
        {text('count', { count: totals.mails })}
        {mails.length > 0 &&
          mails.length < totals.mails &&
          ` ${text('shown', { shown: mails.length })}`}{' '}
        {searched && <a href="/dev/mailbox">{text('all')}</a>}
      </p>
      {mails.length === 0 ? (
        <p>{text(searched ? 'nothing' : 'empty')}</p>
      ) : (
        <ul className="list">
          {mails.map((mail) => (
            <li key={mail.id}>
              <span>
                <a href={`/dev/mailbox/${mail.id}`}>{mail.subject || mail.text.slice(0, 80)}</a>
                {mail.copies > 1 && <strong className="error"> ×{mail.copies}</strong>}
              </span>
              <span className="soft">
                {text('listed', { to: mail.to })} {mail.channel === 'sms' && `${text('sms')} · `}
                <Time at={mail.at} language={language} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

/** One mail: what it looks like, its text, its headers, and the one-click request. */
export function MailPage({
  language,
  controller,
  mail,
}: Frame & { mail: MailboxRow }): ReactElement {
  const text = (key: string, values?: Record<string, unknown>) =>
    t(language, `channels:mailbox.${key}`, values);
  const url = unsubscribeUrlOf(mail);
  const title = mail.subject || mail.to;
  return (
    <Page
      language={language}
      title={title}
      controller={controller}
      languageLink={otherLanguage(language)}
      wide
    >
      <p>
        <a href="/dev/mailbox">{text('back')}</a>
      </p>
      <h1>{title}</h1>
      {mail.copies > 1 && <p className="banner">{text('copies', { count: mail.copies })}</p>}
      <p className="soft">
        {text('from')}: {mail.from}
        <br />
        {text('to')}: {mail.to}
        <br />
        <Time at={mail.at} language={language} />
      </p>
      {mail.html !== null && (
        <>
          <iframe
            src={`/dev/mailbox/${mail.id}/html`}
            title={text('html')}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
          />
          <p>
            <a href={`/dev/mailbox/${mail.id}/html`}>{text('download')}</a>
          </p>
        </>
      )}
      {mail.channel === 'sms' && <Answer id={mail.id} text={text} />}
      {url && <OneClick url={url} text={text} />}
      <details open={mail.html === null}>
        <summary>{text('text')}</summary>
        <pre tabIndex={0}>{mail.text}</pre>
      </details>
      {mail.headers.length > 0 && (
        <details>
          <summary>{text('headers')}</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">{text('name')}</th>
                <th scope="col">{text('value')}</th>
              </tr>
            </thead>
            <tbody>
              {mail.headers.map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>
                    <code>{value}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p>
            <a href={`/dev/mailbox/${mail.id}/raw`}>{text('raw')}</a>
          </p>
        </details>
      )}
    </Page>
  );
}

/** What the recipient would write back. */
function Answer({ id, text }: { id: string; text: (key: string) => string }): ReactElement {
  return (
    <form method="post" action={`/dev/mailbox/${id}/answer`} className="row">
      <label>
        {text('answer')}
        <input type="text" name="text" maxLength={500} required />
      </label>
      <button type="submit" className="plain">
        {text('send')}
      </button>
    </form>
  );
}

/** A plain form whose body is, byte for byte, the one of RFC 8058. */
function OneClick({ url, text }: { url: string; text: (key: string) => string }): ReactElement {
  const { host, pathname, search } = new URL(url);
  return (
    <details>
      <summary>{text('oneClick.title')}</summary>
      <p>{text('oneClick.intro')}</p>
      <pre tabIndex={0}>
        {`POST ${pathname}${search} HTTP/1.1\nHost: ${host}\nContent-Type: application/x-www-form-urlencoded\n\nList-Unsubscribe=One-Click`}
      </pre>
      <form method="post" action={pathname + search}>
        <input type="hidden" name="List-Unsubscribe" value="One-Click" />
        <button type="submit">{text('oneClick.button')}</button>
      </form>
    </details>
  );
}

function Time({ at, language }: { at: Date; language: Language }): ReactElement {
  const shown = new Intl.DateTimeFormat(language === 'sv' ? 'sv-SE' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'Europe/Stockholm',
  }).format(at);
  return <time dateTime={at.toISOString()}>{shown}</time>;
}

function otherLanguage(language: Language): string {
  return language === 'sv' ? '?lang=en' : '?lang=sv';
}
