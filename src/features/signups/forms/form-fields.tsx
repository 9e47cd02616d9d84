import { createHash } from 'node:crypto';
import type { ReactElement } from 'react';
import { POLICY_VERSION } from '../../../domain/policy';
import type { Env } from '../../../platform/config/env';
import { t, type Language } from '../../../platform/i18n/i18n';
import { TopicBox } from '../../registry/pages/frame';
import { trackingWording } from '../../registry/pages/tracking-wording';
import type { OpenForm } from './signup-forms.service';

/** Robots fill in what people cannot see. */
export const TRAP_FIELD = 'more';

/** What was typed, to be shown again with what is wrong. */
export interface TypedSignup {
  email: string;
  topicIds: readonly string[];
  tracking: boolean;
}

export interface FieldFaults {
  email?: string;
  topics?: string;
}

/** Everything a person reads before agreeing, in reading order: what the consent record points to (L-16). */
export function wordingOf(form: OpenForm, language: Language, env: Env): string {
  return [
    form.name,
    form.intro,
    t(language, 'signups:form.email'),
    t(language, 'signups:form.topics'),
    ...form.topics.map(
      ({ name, description }) => `[ ] ${name}${description && ` – ${description}`}`,
    ),
    ...(form.asksTracking ? [trackingWording(language)] : []),
    form.consent,
    noticeOf(language, env),
    `[${t(language, 'signups:form.button')}]`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** Short name of the words shown. A form sent in with other words than today's is shown again instead of recorded. */
export function fingerprint(wording: string): string {
  return createHash('sha256').update(wording).digest('base64url').slice(0, 22);
}

/** Who, why, on what ground, how long, which rights (GDPR 13), without having to follow a link. */
export function noticeOf(language: Language, env: Env): string {
  return t(language, 'signups:form.notice', {
    controller: env.CONTROLLER_NAME,
    email: env.CONTROLLER_EMAIL,
    authority: env.AUTHORITY,
    policy: POLICY_VERSION,
  });
}

interface FieldsProps {
  form: OpenForm;
  language: Language;
  env: Env;
  /** Where the form is sent; absolute when it stands on another site. */
  action: string;
  typed?: TypedSignup;
  faults?: FieldFaults;
}

/** The form itself: nothing ticked beforehand, only an address and topics. */
export function SignupFields(props: FieldsProps): ReactElement {
  const { form, language, env, typed, faults = {} } = props;
  const text = (key: string) => t(language, `signups:form.${key}`);
  return (
    <form method="post" action={props.action}>
      <input type="hidden" name="lang" value={language} />
      <input type="hidden" name="seen" value={fingerprint(wordingOf(form, language, env))} />
      <div hidden>
        <label>
          {text('trap')} <input type="text" name={TRAP_FIELD} tabIndex={-1} autoComplete="off" />
        </label>
      </div>
      <label htmlFor="email">{text('email')}</label>
      <Fault id="email-fault" message={faults.email} />
      <input
        type="email"
        id="email"
        name="email"
        autoComplete="email"
        required
        maxLength={254}
        defaultValue={typed?.email}
        aria-invalid={faults.email ? true : undefined}
        aria-describedby={faults.email ? 'email-fault' : undefined}
      />
      <fieldset id="topics" aria-describedby={faults.topics ? 'topics-fault' : undefined}>
        <legend>{text('topics')}</legend>
        <Fault id="topics-fault" message={faults.topics} />
        {form.topics.map((topic, n) => (
          <TopicBox
            key={topic.id}
            id={n === 0 ? 'first-topic' : undefined}
            name="topic"
            topic={topic}
            ticked={typed?.topicIds.includes(topic.id)}
          />
        ))}
      </fieldset>
      {form.asksTracking && <TrackingBox language={language} ticked={typed?.tracking} />}
      <p>{form.consent}</p>
      <p className="soft">
        {noticeOf(language, env)} <a href={env.link('/policy')}>{text('policy')}</a>
      </p>
      <p>
        <button type="submit">{text('button')}</button>
      </p>
    </form>
  );
}

/** A question of its own: the sign-up does not hang on the answer. */
function TrackingBox({ language, ticked }: { language: Language; ticked?: boolean }): ReactElement {
  const text = (key: string) => t(language, `registry:tracking.${key}`);
  return (
    <fieldset>
      <legend>{text('title')}</legend>
      <small>
        {text('what')} {text('endWhat')}
      </small>
      <label>
        <input type="checkbox" name="tracking" value="yes" defaultChecked={ticked} /> {text('yes')}
      </label>
    </fieldset>
  );
}

function Fault({ id, message }: { id: string; message?: string }): ReactElement | null {
  return message ? (
    <p className="error" id={id}>
      {message}
    </p>
  ) : null;
}
