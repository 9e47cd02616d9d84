import type { ReactElement, ReactNode } from 'react';
import { t } from '../../../platform/i18n/i18n';
import { mask } from '../../registry/link-tokens';
import { Framed, type Frame } from '../../registry/pages/frame';
import type { Preferences, TopicChoices } from '../choices/my-preferences.dto';
import { pathIn } from '../paths';
import { TopicFields } from './topic-switches';

export type PhoneNews = 'saved' | 'removed';

interface PhonePageProps extends Frame {
  /** The one that the person added here, if any. */
  number: string | null;
  news?: PhoneNews;
  typed?: string;
  /** Why the number that was typed got no code. */
  fault?: string;
}

/** The person's own number: to add by a code, to replace, or to take away. */
export function PhonePage(props: PhonePageProps): ReactElement {
  const { language, number, news, typed, fault } = props;
  const text = (key: string, values = {}) => t(language, `my-pages:phone.${key}`, values);
  return (
    <PhoneFrame {...props}>
      {news && (
        <p className="done" role="status">
          {text(news)}
        </p>
      )}
      <p>{number ? text('now', { number: mask('sms', number) }) : text('none')}</p>
      <p>{text('what')}</p>
      <form method="post" action={pathIn('/mina-sidor/telefon', language)} noValidate>
        <label htmlFor="number">{text('number')}</label>
        <Fault words={fault} />
        <input
          id="number"
          name="number"
          type="tel"
          autoComplete="tel"
          required
          defaultValue={typed}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? 'fault' : undefined}
        />
        <p>
          <button name="action" value="send">
            {text('send')}
          </button>
        </p>
      </form>
      {number && (
        <form method="post" action={pathIn('/mina-sidor/telefon', language)}>
          <p>{text('removeWhat')}</p>
          <button name="action" value="remove" className="plain">
            {text('remove')}
          </button>
        </form>
      )}
    </PhoneFrame>
  );
}

interface CodePageProps extends Frame {
  /** In E.164, as it goes back with the code: it is stored nowhere until that is right. */
  number: string;
  choices: Preferences;
  fault?: string;
}

/** Where the code is entered, beside boxes that nobody has ticked (L-05). */
export function CodePage(props: CodePageProps): ReactElement {
  const { language, number, choices, fault } = props;
  const text = (key: string, values = {}) => t(language, `my-pages:phone.${key}`, values);
  return (
    <PhoneFrame {...props}>
      <p role="status">{text('sentTo', { number: mask('sms', number) })}</p>
      <form method="post" action={pathIn('/mina-sidor/telefon', language)} noValidate>
        <input type="hidden" name="number" value={number} />
        <label htmlFor="code">{text('code')}</label>
        <Fault words={fault} />
        <input
          id="code"
          name="code"
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? 'fault' : undefined}
        />
        <h2>{text('topics')}</h2>
        <p className="soft">{choices.consentText}</p>
        {choices.topics.map((topic) => (
          <SmsBox key={topic.key} language={language} topic={topic} />
        ))}
        <button name="action" value="confirm">
          {text('confirm')}
        </button>
      </form>
      <p>
        <a href={pathIn('/mina-sidor/telefon', language)}>{text('another')}</a>
      </p>
    </PhoneFrame>
  );
}

/** In the same words as the switch on the page before, since the same consent is kept. */
function SmsBox(props: { language: Frame['language']; topic: TopicChoices }): ReactElement {
  const { language, topic } = props;
  return (
    <TopicFields topic={topic}>
      <label>
        <input type="checkbox" name="topic" value={topic.key} />
        {t(language, 'my-pages:channel.sms')}
      </label>
    </TopicFields>
  );
}

/** For those of whom no number may be held. */
export function NoPhonePage(props: Frame): ReactElement {
  return (
    <PhoneFrame {...props}>
      <p>{t(props.language, 'my-pages:phone.no_number_allowed')}</p>
    </PhoneFrame>
  );
}

function PhoneFrame(props: Frame & { fault?: string; children: ReactNode }): ReactElement {
  const { language, env, fault, children } = props;
  const title = t(language, 'my-pages:phone.title');
  return (
    <Framed
      language={language}
      env={env}
      title={fault ? t(language, 'my-pages:phone.faultTitle', { title }) : title}
      heading={title}
    >
      {children}
      <p>
        <a href={pathIn('/mina-sidor', language)}>{t(language, 'my-pages:choices.back')}</a>
      </p>
    </Framed>
  );
}

function Fault({ words }: { words?: string }): ReactElement | null {
  return words ? (
    <p className="error" id="fault">
      {words}
    </p>
  ) : null;
}
