import type { ReactElement, ReactNode } from 'react';
import type { Env } from '../../../platform/config/env';
import { controllerOf } from '../../../platform/http/controller-details';
import { Page } from '../../../platform/http/page';
import { t, type Language } from '../../../platform/i18n/i18n';
import { noticeOf, SignupFields, type FieldFaults, type TypedSignup } from '../forms/form-fields';
import type { OpenForm } from '../forms/signup-forms.service';
import { VALID_DAYS } from '../signups.queries';

interface Frame {
  language: Language;
  env: Env;
}

function Framed(
  props: Frame & { title: string; languageLink?: string; children: ReactNode },
): ReactElement {
  const { env, ...page } = props;
  return <Page {...page} controller={controllerOf(env)} />;
}

const otherLanguage = (language: Language) => `?lang=${language === 'sv' ? 'en' : 'sv'}`;

interface SignupPageProps extends Frame {
  form: OpenForm;
  typed?: TypedSignup;
  faults?: FieldFaults;
  /** The words were changed since the form was opened. */
  changed?: boolean;
}

export function SignupPage(props: SignupPageProps): ReactElement {
  const { form, language, env, typed, faults = {}, changed } = props;
  const failed = Boolean(faults.email ?? faults.topics);
  const title = failed ? t(language, 'signups:form.faultTitle', { name: form.name }) : form.name;
  return (
    <Framed language={language} env={env} title={title} languageLink={otherLanguage(language)}>
      {failed && <ErrorSummary language={language} faults={faults} />}
      {changed && (
        <p className="summary" role="alert">
          {t(language, 'signups:form.changed')}
        </p>
      )}
      <h1>{form.name}</h1>
      {form.intro && <p>{form.intro}</p>}
      <SignupFields
        form={form}
        language={language}
        env={env}
        action={`/signup/${form.key}`}
        typed={typed}
        faults={faults}
      />
    </Framed>
  );
}

function ErrorSummary({
  language,
  faults,
}: {
  language: Language;
  faults: FieldFaults;
}): ReactElement {
  return (
    <div className="summary" role="alert" aria-labelledby="fault-title" tabIndex={-1}>
      <h2 id="fault-title">{t(language, 'signups:form.faults')}</h2>
      <ul>
        {faults.email && (
          <li>
            <a href="#email">{faults.email}</a>
          </li>
        )}
        {faults.topics && (
          <li>
            <a href="#first-topic">{faults.topics}</a>
          </li>
        )}
      </ul>
    </div>
  );
}

/** The one answer to every sign-up: it knows nothing of the address (F-63). */
export function CheckInboxPage({ language, env }: Frame): ReactElement {
  const text = (key: string) => t(language, `signups:inbox.${key}`, { days: VALID_DAYS });
  return (
    <Framed language={language} env={env} title={text('title')}>
      <h1>{text('title')}</h1>
      <div className="done" role="status">
        <p>{text('what')}</p>
      </div>
      <p>{text('button')}</p>
      <p className="soft">{text('nothing')}</p>
    </Framed>
  );
}

interface ConfirmPageProps extends Frame {
  token: string;
  maskedAddress: string;
  topics: readonly string[];
  tracking: boolean;
}

export function ConfirmPage(props: ConfirmPageProps): ReactElement {
  const { language, env, token, topics } = props;
  const text = (key: string, values = {}) => t(language, `signups:confirm.${key}`, values);
  return (
    <Framed
      language={language}
      env={env}
      title={text('title')}
      languageLink={otherLanguage(language)}
    >
      <h1>{text('title')}</h1>
      <p>{text('what', { address: props.maskedAddress })}</p>
      <TopicList
        topics={props.tracking ? [...topics, t(language, 'registry:tracking.name')] : topics}
      />
      <form method="post" action={`/confirm/${token}?lang=${language}`}>
        <button type="submit">{text('button')}</button>
      </form>
      <p className="soft">{text('notYou')}</p>
      <p className="soft">{noticeOf(language, env)}</p>
    </Framed>
  );
}

interface ConfirmedPageProps extends Frame {
  topics: readonly string[];
  hindered: boolean;
  tracked: boolean | null;
}

/** Says what is so, also when that is less than what was confirmed (F-49). */
export function ConfirmedPage(props: ConfirmedPageProps): ReactElement {
  const { language, env, topics, hindered } = props;
  const state = topics.length === 0 ? 'off' : hindered ? 'hindered' : 'on';
  const text = (key: string) =>
    t(language, `signups:confirmed.${key}`, { email: env.CONTROLLER_EMAIL });
  return (
    <Framed language={language} env={env} title={text(`${state}.title`)}>
      <h1>{text(`${state}.title`)}</h1>
      <div className={state === 'on' ? 'done' : 'summary'} role="status">
        <p>{text(`${state}.what`)}</p>
        <TopicList topics={topics} />
      </div>
      {props.tracked && <p>{t(language, 'registry:tracking.given')}</p>}
      <p>{text(`${state}.next`)}</p>
      {state === 'off' && (
        <p>
          <a href={`/?lang=${language}`}>{text('again')}</a>
        </p>
      )}
    </Framed>
  );
}

/** A link that no longer leads anywhere, with the way to begin again. */
export function DeadLinkPage(
  props: Frame & { kind: 'expired' | 'unknown' | 'noAddress'; form: OpenForm | null },
): ReactElement {
  const { language, env, kind, form } = props;
  const text = (key: string) =>
    t(language, `signups:${kind}.${key}`, { days: VALID_DAYS, email: env.CONTROLLER_EMAIL });
  return (
    <Framed language={language} env={env} title={text('title')}>
      <h1>{text('title')}</h1>
      <p>{text('what')}</p>
      {form && (
        <>
          <h2>{form.name}</h2>
          <SignupFields form={form} language={language} env={env} action={`/signup/${form.key}`} />
        </>
      )}
    </Framed>
  );
}

/** The same steps with a link of a test mail, which belongs to nobody (P-18). */
export function TestLinkPage({ language, env }: Frame): ReactElement {
  return (
    <Framed language={language} env={env} title={t(language, 'signups:test.title')}>
      <h1>{t(language, 'signups:test.title')}</h1>
      <p>{t(language, 'signups:test.what')}</p>
    </Framed>
  );
}

function TopicList({ topics }: { topics: readonly string[] }): ReactElement | null {
  if (topics.length === 0) return null;
  return (
    <ul>
      {topics.map((topic) => (
        <li key={topic}>{topic}</li>
      ))}
    </ul>
  );
}
