import type { ReactElement } from 'react';
import { controllerOf } from '../../../platform/http/controller-details';
import { ContactLinks } from '../../../platform/http/page';
import { t } from '../../../platform/i18n/i18n';
import { Framed, type Frame } from './frame';

interface ManualFormProps extends Frame {
  typed?: string;
  fault?: string;
}

/** Opt-out without a link: an address or a number, one field. */
export function ManualForm({ language, env, typed, fault }: ManualFormProps): ReactElement {
  const text = (key: string) => t(language, `registry:manual.${key}`);
  return (
    <>
      <form method="post" action={`/avsluta?lang=${language}`} noValidate>
        <label htmlFor="address">{text('label')}</label>
        {fault && (
          <p className="error" id="address-fault">
            {fault}
          </p>
        )}
        <input
          id="address"
          name="address"
          type="text"
          autoComplete="email"
          autoCapitalize="none"
          spellCheck={false}
          required
          defaultValue={typed}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? 'address-fault' : undefined}
        />
        <p>
          <button type="submit">{text('button')}</button>
        </p>
      </form>
      <p className="soft">
        {text('help')} <ContactLinks controller={controllerOf(env)} />
      </p>
    </>
  );
}

export function ManualFormPage(props: ManualFormProps): ReactElement {
  const { language, env, fault } = props;
  const text = (key: string) => t(language, `registry:manual.${key}`);
  return (
    <Framed
      language={language}
      env={env}
      title={fault ? text('invalidTitle') : text('title')}
      heading={text('title')}
    >
      <p>{text('what')}</p>
      <ManualForm {...props} />
    </Framed>
  );
}

/** The same for an address we had and one we never saw (P-75, F-63). */
export function ManualDonePage({
  language,
  env,
  address,
}: Frame & { address: string }): ReactElement {
  const text = (key: string, values = {}) => t(language, `registry:manual.${key}`, values);
  return (
    <Framed language={language} env={env} title={text('doneTitle')}>
      <div className="done" role="status">
        <p>{text('done', { address })}</p>
      </div>
      <p>{text('late')}</p>
    </Framed>
  );
}
