import type { ReactElement } from 'react';
import { t } from '../../../platform/i18n/i18n';
import type { Standing } from './choices';
import { formatDay } from './format';
import { Framed, KeepForm, TopicBox, type Frame, type TopicChoice } from './frame';
import { thisAddress } from './opt-out-pages';
import { ReasonForm } from './reason-form';
import { TrackingChoice } from './tracking-choice';

export type PreferenceNews = 'saved' | 'nothing' | 'test';

interface PreferencesPageProps extends Frame {
  token: string;
  maskedAddress: string | null;
  test: boolean;
  /** The link came by mail, so a yes can be confirmed there. */
  byMail: boolean;
  topics: TopicChoice[];
  standing: Standing;
  news?: PreferenceNews;
}

/** Every button here can only reduce what we send; a yes goes by a confirmation mail (P-72). */
export function PreferencesPage(props: PreferencesPageProps): ReactElement {
  const { language, env, token, topics, standing, news } = props;
  const text = (key: string, values = {}) => t(language, `registry:preferences.${key}`, values);
  const address = props.maskedAddress ?? thisAddress(language, !props.byMail);
  const on = topics.filter(({ id }) => standing.on.includes(id));
  const off = topics.filter(({ id }) => !standing.on.includes(id));
  return (
    <Framed language={language} env={env} title={text('title')} test={props.test}>
      {news && (
        <p className={news === 'saved' ? 'done' : 'banner'} role="status">
          {text(news)}
        </p>
      )}
      <p>{text('for', { address })}</p>
      {standing.pausedUntil && (
        <p className="done">{text('paused', { at: formatDay(language, standing.pausedUntil) })}</p>
      )}
      {standing.fewer && on.length > 0 && (
        <p className="done">
          {text('fewerChosen')} <a href={`/mina-sidor?lang=${language}`}>{text('fewerUndo')}</a>
        </p>
      )}
      {on.length === 0 && (
        <p>
          {standing.noAllSince
            ? text('noneSince', { at: formatDay(language, standing.noAllSince) })
            : text('none')}
        </p>
      )}
      {on.length > 0 && (
        <>
          <h2>{text('onTitle')}</h2>
          <form method="post" action={pathOf(props)}>
            <input type="hidden" name="action" value="stop" />
            <fieldset>
              <legend>{text('onLegend')}</legend>
              {on.map((topic) => (
                <TopicBox
                  key={topic.id}
                  name="stop"
                  topic={topic}
                  label={text('stop', { topic: topic.name })}
                />
              ))}
            </fieldset>
            <button type="submit">{text('save')}</button>
          </form>
          {!standing.fewer && <OneWay {...props} way="fewer" />}
          <OneWay {...props} way="pause" />
        </>
      )}
      {!standing.noAllSince && <OneWay {...props} way="all" />}
      {props.maskedAddress && props.byMail && (
        <KeepForm
          language={language}
          env={env}
          token={token}
          topics={off}
          title={text('keepTitle')}
          address={props.maskedAddress}
        />
      )}
      {!standing.noAllSince && (
        <TrackingChoice
          language={language}
          token={token}
          tracked={standing.tracked}
          address={props.byMail ? props.maskedAddress : null}
        />
      )}
      {standing.noAllSince && news === 'saved' && (
        <ReasonForm language={language} env={env} token={token} />
      )}
      <p>
        <a href={`/why/${token}?lang=${language}`}>{text('why')}</a>
      </p>
    </Framed>
  );
}

const pathOf = ({ token, language }: PreferencesPageProps): string =>
  `/preferences/${token}?lang=${language}`;

/** Fewer, a pause or nothing at all: what it means, and the button that does it. */
function OneWay(props: PreferencesPageProps & { way: 'fewer' | 'pause' | 'all' }): ReactElement {
  const { language, way } = props;
  const text = (key: string) => t(language, `registry:preferences.${key}`);
  return (
    <>
      <h2>{text(`${way}Title`)}</h2>
      <p>{text(`${way}What`)}</p>
      <form method="post" action={pathOf(props)}>
        <input type="hidden" name="action" value={way} />
        <button type="submit" className={way === 'all' ? undefined : 'plain'}>
          {text(way)}
        </button>
      </form>
    </>
  );
}
