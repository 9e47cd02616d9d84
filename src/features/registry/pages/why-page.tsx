import type { ReactElement } from 'react';
import type { Offer } from '../../../domain/offers/offer';
import { findPurpose, POLICY_VERSION } from '../../../domain/policy';
import { t } from '../../../platform/i18n/i18n';
import { formatDay } from './format';
import { Framed, type Frame } from './frame';
import type { Reason } from './why.queries';

interface WhyPageProps extends Frame {
  token: string;
  maskedAddress: string | null;
  test: boolean;
  reason: Reason;
  pausedUntil: Date | null;
  /** What the mail recommended. */
  offers: readonly Offer[];
}

const DOORS = ['double_opt_in', 'mina_sidor', 'import', 'api', 'service_desk', 'privacy_officer'];

/** GDPR 14(2)(f), 21(4): from where, why, on what ground, and how to say no. Never more about the person (P-72). */
export function WhyPage(props: WhyPageProps): ReactElement {
  const { language, env, token, test, reason, pausedUntil, offers } = props;
  const text = (key: string, values = {}) => t(language, `registry:why.${key}`, values);
  const address = props.maskedAddress ?? t(language, 'registry:address.this');
  const topic = language === 'sv' ? reason.topicSv : reason.topicEn;
  const purpose = reason.purpose ? findPurpose(reason.purpose) : undefined;
  return (
    <Framed language={language} env={env} title={text('title')} test={test}>
      <p>{text('for', { address })}</p>
      {pausedUntil && (
        <p>
          {t(language, 'registry:preferences.paused', { at: formatDay(language, pausedUntil) })}
        </p>
      )}
      <dl>
        {topic && <Fact title={text('topic')} text={topic} />}
        {purpose && (
          <Fact
            title={text('purpose')}
            text={text('purposeRow', {
              text: purpose[language],
              id: purpose.id,
              policy: POLICY_VERSION,
            })}
          />
        )}
        <Fact title={text('ground')} text={groundText(props, topic ?? '')} />
        <Fact title={text('source')} text={sourceText(props)} />
        {offers.length > 0 && (
          <>
            <dt>{text('offers')}</dt>
            {offers.map(({ name, rule, because }) => (
              <dd key={name}>{text(`offer.${rule}`, { name, because })}</dd>
            ))}
            <dd>{text('offersText')}</dd>
          </>
        )}
        <Fact title={text('recipients')} text={text('recipientsText')} />
      </dl>
      <h2>{text('stop')}</h2>
      <p>{text('stopText')}</p>
      <p>
        <a className="button" href={`/u/${token}?lang=${language}`}>
          {text('stopLink')}
        </a>
      </p>
      <dl>
        <Fact
          title={text('controller')}
          text={`${env.CONTROLLER_NAME}, ${env.CONTROLLER_ADDRESS}`}
        />
        <Fact title={text('authority')} text={env.AUTHORITY} />
      </dl>
    </Framed>
  );
}

function Fact({ title, text }: { title: string; text: string }): ReactElement {
  return (
    <>
      <dt>{title}</dt>
      <dd>{text}</dd>
    </>
  );
}

function groundText({ language, reason }: WhyPageProps, topic: string): string {
  const { ground, groundAt, door } = reason;
  if (!ground || !groundAt) return t(language, 'registry:why.NONE');
  const how = DOORS.includes(door ?? '') ? door : 'other';
  return t(language, `registry:why.${ground}`, {
    topic,
    at: formatDay(language, groundAt),
    door: t(language, `registry:why.doors.${how}`),
  });
}

function sourceText({ language, reason }: WhyPageProps): string {
  const { source, collectedAt } = reason;
  if (!source || !collectedAt) return `${t(language, 'registry:why.sources.erased')}.`;
  return t(language, 'registry:why.sourceText', {
    source: t(language, `registry:why.sources.${source}`),
    at: `${formatDay(language, collectedAt)}.`,
  });
}
