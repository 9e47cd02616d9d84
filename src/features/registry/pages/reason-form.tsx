import type { ReactElement } from 'react';
import { t } from '../../../platform/i18n/i18n';
import { OPT_OUT_REASONS } from '../opt-out-reasons';
import { Framed, type Frame } from './frame';

/** After the no is in force, and below all else: nobody owes an answer (L-07). */
export function ReasonForm({ language, token }: Frame & { token: string }): ReactElement {
  const text = (key: string) => t(language, `registry:reason.${key}`);
  return (
    <form method="post" action={`/u/${token}/reason?lang=${language}`}>
      <fieldset>
        <legend>{text('title')}</legend>
        <p className="soft">{text('what')}</p>
        {OPT_OUT_REASONS.map((reason) => (
          <label key={reason}>
            <input type="radio" name="reason" value={reason} />
            {text(reason)}
          </label>
        ))}
      </fieldset>
      <button type="submit" className="plain">
        {text('button')}
      </button>
    </form>
  );
}

/** The same by itself, where the other language leads to. */
export function ReasonPage(props: Frame & { token: string }): ReactElement {
  const { language, env } = props;
  return (
    <Framed language={language} env={env} title={t(language, 'registry:reason.title')}>
      <ReasonForm {...props} />
    </Framed>
  );
}

export function ReasonThanksPage({ language, env }: Frame): ReactElement {
  const text = (key: string) => t(language, `registry:reason.${key}`);
  return (
    <Framed language={language} env={env} title={text('thanks')}>
      <p role="status">{text('stands')}</p>
    </Framed>
  );
}
