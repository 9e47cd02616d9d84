import type { ReactElement } from 'react';
import { t } from '../../../platform/i18n/i18n';
import { formatDay, formatMoment } from '../../registry/pages/format';
import { Framed, type Frame } from '../../registry/pages/frame';
import { pathIn } from '../paths';
import { MOST, type MyMessages, type SentMessage } from '../messages/my-messages.dto';

/** A page of more would be heavier than a page of ours may be. */
const PER_PAGE = 12;

interface SentPageProps extends Frame {
  messages: MyMessages;
  /** From 1. */
  page: number;
}

/** "Det här har vi skickat dig": when, what, by which channel, how far it came and why; and what a no has stopped. */
export function SentPage({ language, env, messages, page }: SentPageProps): ReactElement {
  const text = (key: string, values = {}) => t(language, `my-pages:sent.${key}`, values);
  const { items } = messages;
  const shown = items.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return (
    <Framed language={language} env={env} title={text('title')}>
      {items.length === 0 ? (
        <p>{text('none')}</p>
      ) : (
        <p className="soft">{text('latest', { most: MOST })}</p>
      )}
      {shown.length > 0 && (
        <ul className="list">
          {shown.map((message, index) => (
            <Sent key={index} language={language} env={env} message={message} />
          ))}
        </ul>
      )}
      {page > 1 && <PageLink language={language} page={page - 1} words={text('newer')} />}
      {items.length > page * PER_PAGE && (
        <PageLink language={language} page={page + 1} words={text('older')} />
      )}
      <Withheld language={language} env={env} messages={messages} />
      <p>
        <a href={pathIn('/mina-sidor', language)}>{t(language, 'my-pages:choices.back')}</a>
      </p>
    </Framed>
  );
}

function Sent({ language, message }: Frame & { message: SentMessage }): ReactElement {
  const { at, channel, title, topic, state, ground, groundSince } = message;
  const why = t(language, `my-pages:sent.${ground ?? 'NONE'}`, {
    topic,
    at: groundSince ? formatDay(language, groundSince) : '',
  });
  const how = t(language, `my-pages:channel.${channel}`);
  return (
    <li>
      <b>{title}</b>
      <span className="soft">{formatMoment(language, at)}</span>
      <span className="soft">
        {how}, {t(language, `my-pages:sent.${state}`)}; {why}
      </span>
    </li>
  );
}

function Withheld({ language, messages }: Frame & Pick<SentPageProps, 'messages'>) {
  const counts = new Map<string, number>();
  for (const { reason, count } of messages.withheld) {
    const told = reason.startsWith('suppressed') ? 'suppressed' : reason;
    counts.set(told, (counts.get(told) ?? 0) + count);
  }
  if (counts.size === 0) return null;
  return (
    <>
      <h2>{t(language, 'my-pages:sent.withheldTitle')}</h2>
      {[...counts].map(([told, count]) => (
        <p key={told}>{t(language, `my-pages:sent.${told}`, { count })}</p>
      ))}
    </>
  );
}

function PageLink(props: { language: Frame['language']; page: number; words: string }) {
  return (
    <p>
      <a href={`/mina-sidor/skickat?lang=${props.language}&page=${props.page}`}>{props.words}</a>
    </p>
  );
}
