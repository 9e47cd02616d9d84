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
            <TopicBox key={topic.id} name="topic" topic={topic} />
          ))}
        </fieldset>
        <button type="submit" className="plain">
          {t(language, 'registry:keep.button')}
        </button>
      </form>
    </>
  );
}

interface TopicBoxProps {
  name: string;
  topic: TopicChoice;
  /** Default: the topic's name. */
  label?: string;
  id?: string;
  ticked?: boolean;
}

export function TopicBox(props: TopicBoxProps): ReactElement {
  const { name, topic, label = topic.name, id, ticked } = props;
  return (
    <label>
      <input type="checkbox" id={id} name={name} value={topic.id} defaultChecked={ticked} />
      {label} {topic.description && <small>{topic.description}</small>}
    </label>
  );
}
