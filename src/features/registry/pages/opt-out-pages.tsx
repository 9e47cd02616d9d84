import type { ReactElement } from 'react';
import { t, type Language } from '../../../platform/i18n/i18n';
import type { OptOutReceipt } from '../opt-outs';
import { formatDay, formatMoment } from './format';
import { Framed, KeepForm, type Frame, type TopicChoice } from './frame';
import { ManualForm } from './manual-form-page';
import { ReasonForm } from './reason-form';

interface OptOutPageProps extends Frame {
  token: string;
  maskedAddress: string | null;
  /** The link came in a text message: then it is a number that is spoken of, and no mail. */
  byText: boolean;
  test: boolean;
  /** Since when a no to everything stands. */
  alreadyAt: Date | null;
}

/** What a link "Avsluta prenumeration" opens. One visible button, and nothing happens until it is pressed (P-13). */
export function OptOutPage(props: OptOutPageProps): ReactElement {
  const { language, env, token, byText, test, alreadyAt } = props;
  const text = (key: string, values = {}) => t(language, `registry:optOut.${key}`, values);
  const address = props.maskedAddress ?? thisAddress(language, byText);
  return (
    <Framed language={language} env={env} title={text('title')} test={test}>
      <p>{text('for', { address })}</p>
      {alreadyAt ? (
        <p className="done">
          {text(byText ? 'alreadyNumber' : 'already', { at: formatDay(language, alreadyAt) })}
        </p>
      ) : (
        <p>{text('what')}</p>
      )}
      <form method="post" action={`/u/${token}?lang=${language}`}>
        <input type="hidden" name="form" value="1" />
        <button type="submit" className={alreadyAt ? 'plain' : undefined}>
          {text('button')}
        </button>
      </form>
      <p>{text('service')}</p>
      <h2>{text('otherTitle')}</h2>
      <p>
        <a href={`/preferences/${token}?lang=${language}`}>{text('other')}</a>
      </p>
      <p>
        <a href={`/why/${token}?lang=${language}`}>{text('why')}</a>
      </p>
      <p className="soft">{text(byText ? 'notYourNumber' : 'notYours')}</p>
    </Framed>
  );
}

interface OptedOutPageProps extends Frame {
  token: string;
  maskedAddress: string | null;
  byText: boolean;
  receipt: OptOutReceipt;
  topics: TopicChoice[];
}

/** Shown only when the no is committed, and tells what had left before it. */
export function OptedOutPage(props: OptedOutPageProps): ReactElement {
  const { language, env, token, receipt, topics, maskedAddress, byText } = props;
  const text = (key: string, values = {}) => t(language, `registry:done.${key}`, values);
  const address = maskedAddress ?? thisAddress(language, byText);
  const at = formatMoment(language, receipt.at);
  return (
    <Framed language={language} env={env} title={text('title')}>
      <div className="done" role="status">
        <p>{text('what', { address })}</p>
        {!receipt.recorded && <p>{text('again', { at })}</p>}
      </div>
      <p>{text('handedOver', { count: receipt.handedOver.last72h })}</p>
      <p className="soft">
        {text('registered', { at })}
        <br />
        {text('reference')} <code>{receipt.entryId}</code>
      </p>
      {maskedAddress && (
        <KeepForm
          language={language}
          env={env}
          token={token}
          topics={topics}
          title={t(language, 'registry:keep.title')}
          address={maskedAddress}
        />
      )}
      <p>
        <a href={`/preferences/${token}?lang=${language}`}>{text('undo')}</a>
      </p>
      <ReasonForm language={language} env={env} token={token} />
    </Framed>
  );
}

/** For one that is no longer ours to show. */
export function thisAddress(language: Language, byText: boolean): string {
  return t(language, byText ? 'registry:address.thisNumber' : 'registry:address.this');
}

/** The same steps with a link of a test mailing. */
export function TestDonePage({ language, env }: Frame): ReactElement {
  return (
    <Framed language={language} env={env} title={t(language, 'registry:optOut.title')} test>
      <p>{t(language, 'registry:done.test')}</p>
    </Framed>
  );
}

/** Unknown or broken link: never a dead end (P-10). */
export function UnknownLinkPage({ language, env }: Frame): ReactElement {
  const text = (key: string) => t(language, `registry:unknown.${key}`);
  return (
    <Framed language={language} env={env} title={text('title')}>
      <p>{text('what')}</p>
      <ManualForm language={language} env={env} />
    </Framed>
  );
}
