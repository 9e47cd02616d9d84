import type { ReactElement } from 'react';
import { t } from '../../../platform/i18n/i18n';
import type {
  KnownAttribute,
  KnownClick,
  KnownEvent,
  KnownOffer,
  Learning,
} from '../../contacts/learning/known/known-learning.dto';
import { formatDay } from '../../registry/pages/format';
import { Framed, type Frame } from '../../registry/pages/frame';
import { pathIn } from '../paths';

/** A page of more would be heavier than a page of ours may be. */
const PER_PAGE = 12;
const MOST_CLICKS = 10;
const MOST_OFFERS = 6;

interface KnownPageProps extends Frame {
  learning: Learning;
  /** We may see which links they follow. */
  tracking: boolean;
  /** From 1. */
  page: number;
}

/** "Det här vet vi om dig": what was done in courses and what more is kept, each with its purpose and its end. */
export function KnownPage(props: KnownPageProps): ReactElement {
  const { language, env, learning, page } = props;
  const text = (key: string, values = {}) => t(language, `my-pages:known.${key}`, values);
  const { events, attributes, clicks, offers, purposeText } = learning;
  const shown = events.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return (
    <Framed language={language} env={env} title={text('title')}>
      <h2>{text('coursesTitle')}</h2>
      <p className="soft">
        {events.length === 0 ? text('noEvents') : text('why', { purpose: purposeText })}
      </p>
      {shown.length > 0 && (
        <ul className="list">
          {shown.map((event, index) => (
            <Event key={index} language={language} env={env} event={event} />
          ))}
        </ul>
      )}
      {page > 1 && <PageLink language={language} page={page - 1} words={text('newer')} />}
      {events.length > page * PER_PAGE && (
        <PageLink language={language} page={page + 1} words={text('older')} />
      )}
      {offers.length > 0 && (
        <>
          <h2>{text('offersTitle')}</h2>
          <p className="soft">{text('offersWhat', { most: MOST_OFFERS })}</p>
          <ul className="list">
            {offers.slice(0, MOST_OFFERS).map((offer, index) => (
              <Offered key={index} language={language} env={env} offer={offer} />
            ))}
          </ul>
        </>
      )}
      {clicks.length > 0 && (
        <>
          <h2>{text('clicksTitle')}</h2>
          <p className="soft">{text('clicksWhat', { most: MOST_CLICKS })}</p>
          <ul className="list">
            {clicks.slice(0, MOST_CLICKS).map((click, index) => (
              <Click key={index} language={language} env={env} click={click} />
            ))}
          </ul>
        </>
      )}
      <Tracking language={language} tracking={props.tracking} />
      <h2>{text('attributesTitle')}</h2>
      {attributes.length === 0 && <p className="soft">{text('noAttributes')}</p>}
      {attributes.length > 0 && (
        <ul className="list">
          {attributes.map((attribute) => (
            <Attribute key={attribute.key} language={language} env={env} attribute={attribute} />
          ))}
        </ul>
      )}
      <p>
        <a href={pathIn('/mina-sidor', language)}>{t(language, 'my-pages:choices.back')}</a>
      </p>
    </Framed>
  );
}

function Event({ language, event }: Frame & { event: KnownEvent }): ReactElement {
  const text = (key: string, values = {}) => t(language, `my-pages:known.${key}`, values);
  const { kind, course, at, goneOn } = event;
  return (
    <li>
      <b>{course ?? text('noCourse')}</b>
      <span className="soft">
        {text(`kind.${kind}`)}, {formatDay(language, at)}
      </span>
      <span className="soft">{text('goneOn', { day: formatDay(language, new Date(goneOn)) })}</span>
    </li>
  );
}

/** Whether we may see what they click on: what it means, and the button that says it. */
function Tracking({ language, tracking }: Pick<KnownPageProps, 'language' | 'tracking'>) {
  const text = (key: string) => t(language, `registry:tracking.${key}`);
  return (
    <form method="post" action={pathIn('/mina-sidor', language)}>
      <h2>{text(tracking ? 'given' : 'title')}</h2>
      {!tracking && <p>{text('what')}</p>}
      <p>{text('endWhat')}</p>
      <button name="action" value={tracking ? 'untrack' : 'track'} className="plain">
        {text(tracking ? 'end' : 'yes')}
      </button>
    </form>
  );
}

function Click({ language, click }: Frame & { click: KnownClick }): ReactElement {
  const text = (key: string, values = {}) => t(language, `my-pages:known.${key}`, values);
  const { campaign, url, at, goneOn } = click;
  return (
    <li>
      <b>{campaign}</b>
      <span className="soft">
        {url}, {formatDay(language, at)}
      </span>
      <span className="soft">{text('goneOn', { day: formatDay(language, new Date(goneOn)) })}</span>
    </li>
  );
}

function Offered({ language, offer }: Frame & { offer: KnownOffer }): ReactElement {
  const text = (key: string, values = {}) => t(language, `my-pages:known.${key}`, values);
  const { course: name, rule, because, at, goneOn } = offer;
  return (
    <li>
      {t(language, `registry:why.offer.${rule}`, { name, because })}
      <span className="soft">{formatDay(language, at)}</span>
      <span className="soft">{text('goneOn', { day: formatDay(language, new Date(goneOn)) })}</span>
    </li>
  );
}

function Attribute({ language, attribute }: Frame & { attribute: KnownAttribute }): ReactElement {
  const text = (key: string, values = {}) => t(language, `my-pages:known.${key}`, values);
  const { name, value, purposeText, collectedAt, goneOn } = attribute;
  const told = typeof value === 'boolean' ? text(value ? 'yes' : 'no') : String(value);
  return (
    <li>
      <b>
        {name}: {told}
      </b>
      <span className="soft">
        {text('since', { day: formatDay(language, collectedAt), purpose: purposeText })}
      </span>
      <span className="soft">{text('goneOn', { day: formatDay(language, new Date(goneOn)) })}</span>
    </li>
  );
}

function PageLink(props: { language: Frame['language']; page: number; words: string }) {
  return (
    <p>
      <a href={`/mina-sidor/uppgifter?lang=${props.language}&page=${props.page}`}>{props.words}</a>
    </p>
  );
}
