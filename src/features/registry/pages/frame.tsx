import type { ReactElement, ReactNode } from 'react';
import type { Env } from '../../../platform/config/env';
import { controllerOf } from '../../../platform/http/controller-details';
import { Page } from '../../../platform/http/page';
import { t, type Language } from '../../../platform/i18n/i18n';

export interface Frame {
  language: Language;
  env: Env;
}

interface FramedProps extends Frame {
  title: string;
  heading?: string;
  /** The link belongs to a test mailing (P-18). */
  test?: boolean;
  wide?: boolean;
  children: ReactNode;
}

export function Framed({
  language,
  env,
  title,
  heading,
  test,
  wide,
  children,
}: FramedProps): ReactElement {
  return (
    <Page
      language={language}
      title={title}
      controller={controllerOf(env)}
      languageLink={`?lang=${language === 'sv' ? 'en' : 'sv'}`}
      wide={wide}
    >
      {test && <p className="banner">{t(language, 'registry:test.banner')}</p>}
      <h1>{heading ?? title}</h1>
      {children}
    </Page>
  );
}

export interface TopicChoice {
  id: string;
  name: string;
  description: string;
}

/** What one may keep: nothing is ticked, and only the mailbox itself can confirm it (P-72). */
export function KeepForm(
  props: Frame & { token: string; topics: TopicChoice[]; title: string; address: string },
): ReactElement | null {
  const { language, topics } = props;
  if (topics.length === 0) return null;
  return (
    <>
      <h2>{props.title}</h2>
      <p>{t(language, 'registry:keep.what', { address: props.address })}</p>
      <form method="post" action={`/preferences/${props.token}/keep?lang=${language}`}>
        <fieldset>
          <legend>{t(language, 'registry:keep.legend')}</legend>
          {topics.map((topic) => (
            <TopicBox key={topic.id} name="topic" topic={topic} label={topic.name} />
          ))}
        </fieldset>
        <button type="submit" className="plain">
          {t(language, 'registry:keep.button')}
        </button>
      </form>
    </>
  );
}

export function TopicBox(props: { name: string; topic: TopicChoice; label: string }): ReactElement {
  const { name, topic, label } = props;
  return (
    <label className="choice">
      <input type="checkbox" name={name} value={topic.id} />
      <span>
        {label}
        {topic.description && (
          <>
            <br />
            <span className="soft">{topic.description}</span>
          </>
        )}
      </span>
    </label>
  );
}
