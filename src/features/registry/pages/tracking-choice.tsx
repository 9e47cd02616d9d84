import type { ReactElement } from 'react';
import { t, type Language } from '../../../platform/i18n/i18n';

interface TrackingChoiceProps {
  language: Language;
  token: string;
  tracked: boolean;
  /** Where a yes is asked for; null: it cannot be. */
  address: string | null;
}

/** Whether we may see which links the person follows. A no counts at once, a yes once the mailbox has confirmed it (P-72). */
export function TrackingChoice(props: TrackingChoiceProps): ReactElement | null {
  const { language, token, tracked, address } = props;
  const text = (key: string, values = {}) => t(language, `registry:tracking.${key}`, values);
  if (tracked) {
    return (
      <>
        <h2>{text('given')}</h2>
        <p>{text('endWhat')}</p>
        <form method="post" action={`/preferences/${token}?lang=${language}`}>
          <input type="hidden" name="action" value="untrack" />
          <button type="submit" className="plain">
            {text('end')}
          </button>
        </form>
      </>
    );
  }
  if (!address) return null;
  return (
    <>
      <h2>{text('title')}</h2>
      <p>{text('what')}</p>
      <p>{text('byMail', { address })}</p>
      <form method="post" action={`/preferences/${token}/keep?lang=${language}`}>
        <input type="hidden" name="tracking" value="yes" />
        <button type="submit" className="plain">
          {text('ask')}
        </button>
      </form>
    </>
  );
}
