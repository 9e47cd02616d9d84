import type { ReactElement } from 'react';
import type { Env } from '../../../platform/config/env';
import { t, type Language } from '../../../platform/i18n/i18n';
import { Framed } from '../../registry/pages/frame';

interface ConfirmTrackingPageProps {
  language: Language;
  env: Env;
  token: string;
  /** What came of it; null: not answered yet. */
  answered: { tracked: boolean } | null;
}

/** Whether we may see which links somebody follows: asked of the mailbox, with every word of what it means. */
export function ConfirmTrackingPage(props: ConfirmTrackingPageProps): ReactElement {
  const { language, env, token, answered } = props;
  const text = (key: string) => t(language, `registry:tracking.${key}`);
  if (answered) {
    const title = text(answered.tracked ? 'doneTitle' : 'offTitle');
    return (
      <Framed language={language} env={env} title={title}>
        <div className={answered.tracked ? 'done' : 'summary'} role="status">
          <p>{text(answered.tracked ? 'given' : 'off')}</p>
        </div>
        <p>{text('change')}</p>
      </Framed>
    );
  }
  return (
    <Framed language={language} env={env} title={text('title')}>
      <p>{text('what')}</p>
      <p>{text('endWhat')}</p>
      <form method="post" action={`/confirm/${token}?lang=${language}`}>
        <button type="submit">{text('yes')}</button>
      </form>
      <p className="soft">{text('notYou')}</p>
    </Framed>
  );
}
